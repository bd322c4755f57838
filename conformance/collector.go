package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	metricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	tracespb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// collectorPorts are where collectors listen: OTLP over gRPC, OTLP over HTTP, and the ports of the
// schemes, where both are taken. 14268 is Jaeger's own protocol.
var collectorPorts = []string{"4317", "4318", "80", "443", "14268"}

// serveCollectors starts every collector. Those in secure take TLS on all ports; the others on 443.
func serveCollectors(record *record, certificate tls.Certificate, secure []string) error {
	overGRPC, overHTTP := newQueue(), newQueue()
	server := grpc.NewServer()
	tracespb.RegisterTraceServiceServer(server, traceService{record: record})
	metricspb.RegisterMetricsServiceServer(server, metricService{record: record})
	go func() { _ = server.Serve(overGRPC) }()
	go func() { _ = http.Serve(overHTTP, httpHandler{record}) }()

	// HTTP only: no release exports gRPC over TLS, and HTTP/2 would look like it.
	settings := &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"http/1.1"}}
	for name, address := range collectors {
		for _, port := range collectorPorts {
			listener, err := net.Listen("tcp", net.JoinHostPort(address, port))
			if err != nil {
				return err
			}
			takesTLS := port == "443" || slices.Contains(secure, name)
			go func() {
				for {
					conn, err := listener.Accept()
					if err != nil {
						return
					}
					go route(conn, port, takesTLS, settings, overGRPC, overHTTP, record)
				}
			}()
		}
	}
	return nil
}

// route hands a connection to the server that a real collector has on this port; where both are
// taken, the first bytes tell.
func route(conn net.Conn, port string, takesTLS bool, settings *tls.Config, overGRPC, overHTTP *queue, record *record) {
	peeked := &peekedConn{Conn: conn, reader: bufio.NewReader(conn)}
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	first, err := peeked.reader.Peek(3)
	_ = conn.SetReadDeadline(time.Time{})
	if err != nil {
		_ = conn.Close()
		return
	}
	var stream net.Conn = peeked
	encrypted := first[0] == 0x16
	if encrypted && takesTLS {
		secured := tls.Server(peeked, settings)
		if secured.Handshake() != nil {
			_ = conn.Close()
			return
		}
		plain := &peekedConn{Conn: secured, reader: bufio.NewReader(secured)}
		if first, err = plain.reader.Peek(3); err != nil {
			_ = conn.Close()
			return
		}
		stream = plain
	}
	stream = &markedConn{Conn: stream, encrypted: encrypted && takesTLS}
	isGRPC := string(first) == "PRI"
	switch {
	case port == "4317" && !isGRPC:
		record.misunderstood("http", conn.LocalAddr(), encrypted)
		// Once the request is written the client waits for the answer, so that it always logs the
		// same: what it reads, and not what became of the writing.
		time.Sleep(200 * time.Millisecond)
		overGRPC.conns <- stream
	case port == "4318" && isGRPC:
		record.misunderstood("grpc", conn.LocalAddr(), encrypted)
		overHTTP.conns <- stream
	case isGRPC:
		overGRPC.conns <- stream
	default:
		if encrypted && !takesTLS {
			record.misunderstood("http", conn.LocalAddr(), encrypted)
		}
		overHTTP.conns <- stream
	}
}

// refusal is why a collector does not take a signal, or nil.
func refusal(name, signal string, key bool) error {
	host, _, _ := net.SplitHostPort(name)
	switch {
	case (host == "jaeger" || host == "10.0.0.7") && signal == "metrics":
		return status.Error(codes.Unimplemented, "unknown service opentelemetry.proto.collector.metrics.v1.MetricsService")
	case host == "otlp.nr-data.net" && !key:
		return status.Error(codes.Unauthenticated, "missing api-key")
	}
	return nil
}

type traceService struct {
	tracespb.UnimplementedTraceServiceServer
	record *record
}

func (s traceService) Export(ctx context.Context, r *tracespb.ExportTraceServiceRequest) (*tracespb.ExportTraceServiceResponse, error) {
	if err := admitGRPC(ctx, s.record, "traces"); err != nil {
		return nil, err
	}
	s.record.traces(r)
	return &tracespb.ExportTraceServiceResponse{}, nil
}

type metricService struct {
	metricspb.UnimplementedMetricsServiceServer
	record *record
}

func (s metricService) Export(ctx context.Context, r *metricspb.ExportMetricsServiceRequest) (*metricspb.ExportMetricsServiceResponse, error) {
	if err := admitGRPC(ctx, s.record, "metrics"); err != nil {
		return nil, err
	}
	s.record.metrics(r)
	return &metricspb.ExportMetricsServiceResponse{}, nil
}

func admitGRPC(ctx context.Context, record *record, signal string) error {
	p, _ := peer.FromContext(ctx)
	address, ok := p.Addr.(markedAddr)
	if !ok {
		return status.Error(codes.Internal, "a connection without its mark")
	}
	headers, _ := metadata.FromIncomingContext(ctx)
	name := nameAt(address.local)
	err := refusal(name, signal, len(headers.Get("api-key")) > 0)
	record.export(signal, "grpc", name, "", address.encrypted, err == nil, headers)
	return err
}

type httpHandler struct{ record *record }

func (h httpHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	name := nameAt(local)
	encrypted := strings.HasSuffix(r.RemoteAddr, encryptedMark)
	signal, known := map[string]string{"/v1/traces": "traces", "/v1/metrics": "metrics"}[r.URL.Path]
	if !known {
		signal = "?"
	}
	err := refusal(name, signal, r.Header.Get("api-key") != "")
	if !known {
		err = status.Error(codes.Unimplemented, "no such path")
	}
	h.record.export(signal, "http", name, r.URL.Path, encrypted, err == nil, r.Header)
	switch status.Code(err) {
	case codes.OK:
	case codes.Unimplemented:
		http.NotFound(w, r)
		return
	default:
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	data, err := io.ReadAll(body)
	var request, response proto.Message = &tracespb.ExportTraceServiceRequest{}, &tracespb.ExportTraceServiceResponse{}
	if signal == "metrics" {
		request, response = &metricspb.ExportMetricsServiceRequest{}, &metricspb.ExportMetricsServiceResponse{}
	}
	if err == nil {
		err = proto.Unmarshal(data, request)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	switch request := request.(type) {
	case *tracespb.ExportTraceServiceRequest:
		h.record.traces(request)
	case *metricspb.ExportMetricsServiceRequest:
		h.record.metrics(request)
	}
	answer, _ := proto.Marshal(response)
	w.Header().Set("Content-Type", "application/x-protobuf")
	_, _ = w.Write(answer)
}
