// Inflates the stream at the address that is given as fetch does, and writes each line that comes.
const answer = await fetch(process.argv[2]);
console.log('gzip:', answer.headers.get('content-encoding') === 'gzip');
for await (const part of answer.body) {
    process.stdout.write(part);
}
