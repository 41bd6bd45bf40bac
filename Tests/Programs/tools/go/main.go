// SPDX-License-Identifier: Apache-2.0

// Command pods runs Go's net and net/http in pods and checks every byte.
//
//	pods echo :PORT            echoes, then sends a digest and more once the client has half-closed
//	pods source :PORT          sends bytes and half-closes, then answers the client's with a digest
//	pods proxy :PORT HOST:PORT joins connections by io.Copy, which splices
//	pods ask-echo HOST:PORT    checks an echo
//	pods ask-source HOST:PORT  checks a source
//	pods http :PORT            serves bytes, and echoes what is posted
//	pods ask-http HOST:PORT    checks the server, on kept connections and on closed ones
package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"math/rand"
	"net"
	"os"
	"sync"
)

var sizes = []int{5, 0, 1, 1000, 4096, 65536, 300001, 1 << 20, 16<<20 + 17}

const after = 1<<20 + 13

func main() {
	log.SetFlags(0)
	if len(os.Args) < 3 {
		log.Fatal("pods: command and address expected")
	}
	switch address := os.Args[2]; os.Args[1] {
	case "echo":
		serve(address, echo)
	case "source":
		serve(address, source)
	case "proxy":
		serve(address, func(client *net.TCPConn) error { return proxy(client, os.Args[3]) })
	case "ask-echo":
		askAll(address, askEcho)
	case "ask-source":
		askAll(address, askSource)
	case "http":
		serveHTTP(address)
	case "ask-http":
		askHTTP(address)
	default:
		log.Fatalf("pods: %s: unknown command", os.Args[1])
	}
}

func serve(address string, handle func(*net.TCPConn) error) {
	listener, err := net.Listen("tcp4", address)
	if err != nil {
		log.Fatal(err)
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go func() {
			if err := handle(connection.(*net.TCPConn)); err != nil {
				log.Print(err)
			}
			connection.Close()
		}()
	}
}

// payload is the same for the same size.
func payload(size int) []byte {
	data := make([]byte, size)
	rand.New(rand.NewSource(int64(size))).Read(data)
	return data
}

func trailer(data []byte) []byte {
	digest := sha256.Sum256(data)
	return append(digest[:], payload(after)...)
}

func echo(client *net.TCPConn) error {
	var all bytes.Buffer
	buffer := make([]byte, 50000)
	for {
		count, err := client.Read(buffer)
		all.Write(buffer[:count])
		if _, err := client.Write(buffer[:count]); err != nil {
			return err
		}
		if err == io.EOF {
			break
		} else if err != nil {
			return err
		}
	}
	_, err := client.Write(trailer(all.Bytes()))
	return err
}

// source is asked for a number of bytes; the client reads them to their end before it sends its own.
func source(client *net.TCPConn) error {
	var size int
	if _, err := fmt.Fscanf(client, "%d\n", &size); err != nil {
		return err
	}
	if _, err := client.Write(payload(size)); err != nil {
		return err
	}
	if err := client.CloseWrite(); err != nil {
		return err
	}
	data, err := io.ReadAll(client)
	if err != nil || !bytes.Equal(data, payload(size+1)) {
		return fmt.Errorf("source of %d: %d bytes came back: %v", size, len(data), err)
	}
	return nil
}

// proxy passes each direction's end on, and leaves when both have ended.
func proxy(client *net.TCPConn, address string) error {
	connection, err := net.Dial("tcp4", address)
	if err != nil {
		return err
	}
	defer connection.Close()
	server := connection.(*net.TCPConn)
	var both sync.WaitGroup
	both.Add(2)
	for _, way := range [][2]*net.TCPConn{{server, client}, {client, server}} {
		go func(to, from *net.TCPConn) {
			defer both.Done()
			if _, err := io.Copy(to, from); err != nil {
				log.Print(err)
			}
			to.CloseWrite()
		}(way[0], way[1])
	}
	both.Wait()
	return nil
}
