// SPDX-License-Identifier: GPL-2.0-or-later

// The netlink family from Go, by a generic netlink library and the numbers of ims.yaml:
//
//	gotool list                  open devices: name, vectors that are live, limit
//	gotool limit DEVICE SLOTS    limit its slots
//	gotool trigger DEVICE VECTOR...
//	gotool follow COUNT          operations of the next COUNT notifications
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/mdlayher/genetlink"
	"github.com/mdlayher/netlink"
)

func number(text string) uint32 {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		log.Fatal(err)
	}
	return uint32(n)
}

// request sends one and returns its replies. An error has the kernel's own text.
func request(c *genetlink.Conn, f genetlink.Family, cmd uint8, flags netlink.HeaderFlags,
	fill func(*netlink.AttributeEncoder)) []genetlink.Message {
	ae := netlink.NewAttributeEncoder()
	fill(ae)
	data, err := ae.Encode()
	if err != nil {
		log.Fatal(err)
	}
	replies, err := c.Execute(genetlink.Message{
		Header: genetlink.Header{Command: cmd, Version: f.Version}, Data: data,
	}, f.ID, netlink.Request|flags)
	if err != nil {
		log.Fatal(err)
	}
	return replies
}

func list(c *genetlink.Conn, f genetlink.Family) {
	for _, m := range request(c, f, cmdDeviceGet, netlink.Dump, func(*netlink.AttributeEncoder) {}) {
		ad, err := netlink.NewAttributeDecoder(m.Data)
		if err != nil {
			log.Fatal(err)
		}
		var name string
		var live, limit uint32
		for ad.Next() {
			switch ad.Type() {
			case attrDeviceName:
				name = ad.String()
			case attrDeviceLive:
				live = ad.Uint32()
			case attrDeviceLimit:
				limit = ad.Uint32()
			}
		}
		fmt.Println(name, live, limit)
	}
}

func follow(c *genetlink.Conn, f genetlink.Family, count uint32) {
	for _, g := range f.Groups {
		if g.Name == "events" {
			if err := c.JoinGroup(g.ID); err != nil {
				log.Fatal(err)
			}
		}
	}
	fmt.Println("listening")
	for count > 0 {
		messages, _, err := c.Receive()
		if err != nil {
			log.Fatal(err)
		}
		for _, m := range messages {
			fmt.Println(m.Header.Command)
			count--
		}
	}
}

func main() {
	log.SetFlags(0)
	c, err := genetlink.Dial(&netlink.Config{Strict: true})
	if err != nil {
		log.Fatal(err)
	}
	f, err := c.GetFamily(familyName)
	if err != nil {
		log.Fatal(err)
	}
	switch a := os.Args[1:]; {
	case len(a) == 1 && a[0] == "list":
		list(c, f)
	case len(a) == 3 && a[0] == "limit":
		request(c, f, cmdDeviceSet, netlink.Acknowledge, func(ae *netlink.AttributeEncoder) {
			ae.String(attrDeviceName, a[1])
			ae.Uint32(attrDeviceLimit, number(a[2]))
		})
	case len(a) > 2 && a[0] == "trigger":
		request(c, f, cmdTrigger, netlink.Acknowledge, func(ae *netlink.AttributeEncoder) {
			ae.String(attrVectorDeviceName, a[1])
			for _, v := range a[2:] {
				ae.Uint32(attrVectorList, number(v))
			}
		})
	case len(a) == 2 && a[0] == "follow":
		follow(c, f, number(a[1]))
	default:
		log.Fatal("usage: gotool list | limit DEVICE SLOTS | trigger DEVICE VECTOR... | follow COUNT")
	}
}
