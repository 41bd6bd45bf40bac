// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"time"
)

// What a connection may take at most: a stuck one shall be named.
const deadline = 5 * time.Second

// With so many faults one after another there is no need to wait for more.
const enough = 2

// askAll asks once for each size, one after another, and again all at once.
func askAll(address string, ask func(*net.TCPConn, int) error) {
	faults := 0
	for _, size := range sizes {
		if faults < enough {
			faults += report(askOne(address, size, ask))
		}
	}
	results := make(chan error)
	for _, size := range sizes {
		go func(size int) { results <- askOne(address, size, ask) }(size)
	}
	for range sizes {
		faults += report(<-results)
	}
	fmt.Printf("%d wrong of %d\n", faults, 2*len(sizes))
	if faults > 0 {
		log.Fatal("pods: bytes were lost, changed or late")
	}
}

func report(err error) int {
	if err == nil {
		return 0
	}
	log.Print(err)
	return 1
}

func askOne(address string, size int, ask func(*net.TCPConn, int) error) error {
	connection, err := net.Dial("tcp4", address)
	if err != nil {
		return err
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(deadline))
	if err := ask(connection.(*net.TCPConn), size); err != nil {
		return fmt.Errorf("%d bytes: %w", size, err)
	}
	return nil
}

func askEcho(connection *net.TCPConn, size int) error {
	data := payload(size)
	sent := make(chan error, 1)
	go func() {
		_, err := connection.Write(data)
		if err == nil {
			err = connection.CloseWrite()
		}
		sent <- err
	}()
	received, err := io.ReadAll(connection)
	if err != nil {
		return fmt.Errorf("echo: %d bytes came, then %w", len(received), err)
	}
	if err := <-sent; err != nil {
		return err
	}
	if !bytes.Equal(received, append(data, trailer(data)...)) {
		return fmt.Errorf("echo: other bytes, %d of %d", len(received), size+32+after)
	}
	return nil
}

func askSource(connection *net.TCPConn, size int) error {
	if _, err := fmt.Fprintf(connection, "%d\n", size); err != nil {
		return err
	}
	received, err := io.ReadAll(connection)
	if err != nil {
		return fmt.Errorf("source: %d bytes came, then %w", len(received), err)
	}
	if !bytes.Equal(received, payload(size)) {
		return fmt.Errorf("source: other bytes, %d of %d", len(received), size)
	}
	if _, err := connection.Write(payload(size + 1)); err != nil {
		return err
	}
	return connection.CloseWrite()
}
