// Command listen reads the stream at the given address as any Go program would, by http.Get and a bufio.Scanner. The transport
// requests gzip and decompresses it. It prints whether the response was compressed, as "gzip: true", and then each line. When
// the stream ends, it reconnects after the last id.
package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

func main() {
	lastID := ""
	for {
		address := os.Args[1]
		if lastID != "" {
			address += "&lastEventID=" + url.QueryEscape(lastID)
		}
		if answer, err := http.Get(address); err != nil {
			fmt.Println("error:", err)
		} else {
			fmt.Println("gzip:", answer.Uncompressed)
			id := lastID
			lines := bufio.NewScanner(answer.Body)
			lines.Buffer(nil, 1<<20)
			for lines.Scan() {
				line := lines.Text()
				if strings.HasPrefix(line, "id: ") {
					id = line[4:]
				} else if line == "" {
					lastID = id
				}
				fmt.Println(line)
			}
			answer.Body.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
}
