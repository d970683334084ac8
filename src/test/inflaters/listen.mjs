// Reads the stream at the given address by fetch, which decompresses it, and prints each line.
const answer = await fetch(process.argv[2]);
console.log('gzip:', answer.headers.get('content-encoding') === 'gzip');
for await (const part of answer.body) {
    process.stdout.write(part);
}
