// SPDX-License-Identifier: Apache-2.0

// Command cni-driver runs one command of a CNI network list through libcni, as a container
// runtime does: cni-driver [flags] add|del|check. It prints the result of add as JSON.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/containernetworking/cni/libcni"
)

type options struct {
	list, path, cache, capabilities string
	containerID, netns, ifname      string
	podNamespace, podName, podUID   string
	timeout                         time.Duration
}

func parse() (options, string) {
	var o options
	flag.StringVar(&o.list, "list", "", "network configuration list (.conflist)")
	flag.StringVar(&o.path, "path", os.Getenv("CNI_PATH"), "directories of the plugins")
	flag.StringVar(&o.cache, "cache", "", "directory of libcni's cached results")
	flag.StringVar(&o.capabilities, "capabilities", "", "file with the capability arguments (JSON)")
	flag.StringVar(&o.containerID, "id", "", "container id")
	flag.StringVar(&o.netns, "netns", "", "path of the network namespace")
	flag.StringVar(&o.ifname, "ifname", "eth0", "interface name")
	flag.StringVar(&o.podNamespace, "pod-namespace", "default", "K8S_POD_NAMESPACE")
	flag.StringVar(&o.podName, "pod-name", "", "K8S_POD_NAME")
	flag.StringVar(&o.podUID, "pod-uid", "", "K8S_POD_UID")
	flag.DurationVar(&o.timeout, "timeout", time.Minute, "the plugins are killed after this time")
	flag.Parse()
	return o, flag.Arg(0)
}

func (o options) runtimeConf() (*libcni.RuntimeConf, error) {
	conf := &libcni.RuntimeConf{
		ContainerID: o.containerID,
		NetNS:       o.netns,
		IfName:      o.ifname,
		Args: [][2]string{
			{"IgnoreUnknown", "1"},
			{"K8S_POD_NAMESPACE", o.podNamespace},
			{"K8S_POD_NAME", o.podName},
			{"K8S_POD_INFRA_CONTAINER_ID", o.containerID},
			{"K8S_POD_UID", o.podUID},
		},
	}
	if o.capabilities == "" {
		return conf, nil
	}
	text, err := os.ReadFile(o.capabilities)
	if err != nil {
		return nil, err
	}
	return conf, json.Unmarshal(text, &conf.CapabilityArgs)
}

func run(o options, command string) error {
	list, err := libcni.ConfListFromFile(o.list)
	if err != nil {
		return err
	}
	conf, err := o.runtimeConf()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), o.timeout)
	defer cancel()
	cni := libcni.NewCNIConfigWithCacheDir(filepath.SplitList(o.path), o.cache, nil)
	switch command {
	case "add":
		result, err := cni.AddNetworkList(ctx, list, conf)
		if err != nil {
			return err
		}
		return result.PrintTo(os.Stdout)
	case "del":
		return cni.DelNetworkList(ctx, list, conf)
	case "check":
		return cni.CheckNetworkList(ctx, list, conf)
	}
	return fmt.Errorf("unknown command %q: expected add, del or check", command)
}

func main() {
	o, command := parse()
	if err := run(o, command); err != nil {
		fmt.Fprintf(os.Stderr, "cni-driver: %s %s: %v\n", command, o.podName, err)
		os.Exit(1)
	}
}
