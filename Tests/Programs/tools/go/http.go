// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"strconv"
)

func serveHTTP(address string) {
	http.HandleFunc("/bytes/", func(response http.ResponseWriter, request *http.Request) {
		size, err := strconv.Atoi(request.URL.Path[len("/bytes/"):])
		if err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
		response.Write(payload(size))
	})
	http.HandleFunc("/echo", func(response http.ResponseWriter, request *http.Request) {
		data, err := io.ReadAll(request.Body)
		if err != nil {
			http.Error(response, err.Error(), http.StatusBadRequest)
			return
		}
		response.Write(data)
	})
	log.Fatal(http.ListenAndServe(address, nil))
}

func askHTTP(address string) {
	faults := 0
	for _, closes := range []bool{false, true} {
		client := &http.Client{
			Transport: &http.Transport{DisableKeepAlives: closes}, Timeout: deadline,
		}
		for _, size := range sizes {
			faults += report(get(client, address, size)) + report(post(client, address, size))
		}
	}
	fmt.Printf("%d wrong of %d\n", faults, 4*len(sizes))
	if faults > 0 {
		log.Fatal("pods: requests failed")
	}
}

func get(client *http.Client, address string, size int) error {
	response, err := client.Get(fmt.Sprintf("http://%s/bytes/%d", address, size))
	return check("GET", response, err, size)
}

func post(client *http.Client, address string, size int) error {
	body := bytes.NewReader(payload(size))
	response, err := client.Post(fmt.Sprintf("http://%s/echo", address), "x/y", body)
	return check("POST", response, err, size)
}

func check(what string, response *http.Response, err error, size int) error {
	if err != nil {
		return err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("%s %d: %d bytes came, then %w", what, size, len(data), err)
	}
	if response.StatusCode != http.StatusOK || !bytes.Equal(data, payload(size)) {
		return fmt.Errorf("%s %d: %s, %d other bytes", what, size, response.Status, len(data))
	}
	return nil
}
