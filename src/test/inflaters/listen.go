// Command listen reads the stream at the address that is given as any Go program would, by http.Get and a bufio.Scanner. The
// transport asks for gzip and inflates it. It writes "gzip: true" when a stream has begun that is, and then each line that comes.
// When the stream ends it reconnects after the last id.
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
