package dev.herald.stream;

/** What the content coding of one stream adds around what is shared. Belongs to an event loop. */
interface StreamCoding {
    /** Adds nothing. */
    StreamCoding IDENTITY = new StreamCoding() {
        private static final byte[] NOTHING = {};

        @Override
        public byte[] head() {
            return NOTHING;
        }

        @Override
        public void wrote(SharedChunk chunk) {
            // Nothing is told of it at the end.
        }

        @Override
        public byte[] trailer() {
            return NOTHING;
        }
    };

    /** Bytes before all chunks; perhaps none. */
    byte[] head();

    /** To be called for each chunk, in order. */
    void wrote(SharedChunk chunk);

    /** Bytes after all chunks; perhaps none. */
    byte[] trailer();
}
