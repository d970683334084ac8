package dev.herald.stream;

/** Header and trailer that a content coding adds around one stream's shared chunks. Belongs to an event loop. */
interface StreamCoding {
    /** Adds nothing. */
    StreamCoding IDENTITY = new StreamCoding() {
        private static final byte[] NOTHING = {};

        @Override
        public byte[] head() {
            return NOTHING;
        }

        @Override
        public void chunkWritten(SharedChunk chunk) {
            // No trailer.
        }

        @Override
        public byte[] trailer() {
            return NOTHING;
        }
    };

    /** Bytes before all chunks; may be empty. */
    byte[] head();

    /** Must be called for each chunk, in order. */
    void chunkWritten(SharedChunk chunk);

    /** Bytes after all chunks; may be empty. */
    byte[] trailer();
}
