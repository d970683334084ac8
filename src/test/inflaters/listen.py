"""Reads the stream at the given address, decompresses it by zlib, and prints each line."""
import sys
import urllib.request
import zlib

request = urllib.request.Request(sys.argv[1], headers={"Accept-Encoding": "gzip"})
with urllib.request.urlopen(request) as stream:
    print("gzip:", stream.headers["Content-Encoding"] == "gzip", flush=True)
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    while part := stream.read1(65536):
        print(inflater.decompress(part).decode(), end="", flush=True)
