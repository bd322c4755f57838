package main

import (
	"bufio"
	"errors"
	"net"
)

// peekedConn is a connection whose first bytes were looked at.
type peekedConn struct {
	net.Conn
	reader *bufio.Reader
}

func (c *peekedConn) Read(b []byte) (int, error) { return c.reader.Read(b) }

// markedConn is a connection that knows whether it is encrypted: its remote address says so, which
// is what both servers hand to their handlers.
type markedConn struct {
	net.Conn
	encrypted bool
}

type markedAddr struct {
	net.Addr
	local     net.Addr
	encrypted bool
}

func (c *markedConn) RemoteAddr() net.Addr {
	return markedAddr{c.Conn.RemoteAddr(), c.LocalAddr(), c.encrypted}
}

// queue is a listener for connections that were accepted elsewhere.
type queue struct{ conns chan net.Conn }

func newQueue() *queue { return &queue{make(chan net.Conn, 64)} }

func (q *queue) Accept() (net.Conn, error) {
	conn, ok := <-q.conns
	if !ok {
		return nil, errors.New("closed")
	}
	return conn, nil
}
func (q *queue) Close() error   { return nil }
func (q *queue) Addr() net.Addr { return &net.TCPAddr{} }

// encryptedMark ends the remote address of an encrypted connection, as net/http has it as text.
const encryptedMark = " encrypted"

func (a markedAddr) String() string {
	if a.encrypted {
		return a.Addr.String() + encryptedMark
	}
	return a.Addr.String()
}
