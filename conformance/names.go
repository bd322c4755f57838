package main

import (
	"net"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

const nameServer = "127.0.0.53"

// collectors are the names of OTLP receivers, each with an address of its own.
var collectors = map[string]string{
	"collector":                     "127.0.1.1",
	"old-collector":                 "127.0.1.2",
	"otel-collector":                "127.0.1.3",
	"otel_collector.monitoring.svc": "127.0.1.4",
	"otlp.example.com":              "127.0.1.5",
	"jaeger":                        "127.0.1.6", // takes traces only, as Jaeger does
	"otlp.nr-data.net":              "127.0.1.7", // wants a key, as the vendor's does
	"10.0.0.7":                      "10.0.0.7",
	"2001:db8::1":                   "2001:db8::1",
	"2001:db8::7":                   "2001:db8::7",
}

// literalAddresses are those of the collectors that the loopback device does not have by itself.
var literalAddresses = []string{"10.0.0.7/32", "2001:db8::1/128", "2001:db8::7/128"}

// backends are the names of services behind the gateway.
var backends = map[string]string{
	"orders": "127.0.2.1",
	"users":  "127.0.2.2",
	"admin":  "127.0.2.3",
}

// addressOf is the address of a name, or "".
func addressOf(name string) string {
	if address := collectors[name]; address != "" {
		return address
	}
	return backends[name]
}

// nameAt is the name of the collector with this address and port, as host:port.
func nameAt(address net.Addr) string {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return address.String()
	}
	for name, at := range collectors {
		if at == host {
			host = name
		}
	}
	return net.JoinHostPort(host, port)
}

// serveNames answers questions for the names above, and that there is no other.
func serveNames() error {
	conn, err := net.ListenPacket("udp", nameServer+":53")
	if err != nil {
		return err
	}
	go func() {
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			if answer, err := answerTo(buffer[:n]); err == nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	return nil
}

func answerTo(question []byte) ([]byte, error) {
	var message dnsmessage.Message
	if err := message.Unpack(question); err != nil {
		return nil, err
	}
	reply := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: message.ID, Response: true, RecursionAvailable: true},
		Questions: message.Questions,
	}
	for _, q := range message.Questions {
		name := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
		address := net.ParseIP(addressOf(name)).To4()
		if address == nil {
			reply.RCode = dnsmessage.RCodeNameError
		} else if q.Type == dnsmessage.TypeA {
			reply.Answers = append(reply.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
				Body:   &dnsmessage.AResource{A: [4]byte(address)},
			})
		}
	}
	return reply.Pack()
}
