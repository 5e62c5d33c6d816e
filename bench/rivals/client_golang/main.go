// client_golang with a custom collector of const metrics.
//
//	client_golang SERIES FAMILIES
//
// The same formulas as ../../servers/workload.mjs, which lists the families.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var speeds = []string{"10GBPS", "25GBPS", "50GBPS", "100GBPS"}

type family struct {
	Name, Help, Shape string
	Number            int64
	desc              *prometheus.Desc
	starts            []int64
}

func (f *family) value(port, scrape int64) (prometheus.ValueType, float64) {
	switch f.Shape {
	case "counter":
		return prometheus.CounterValue, float64(f.starts[port] + (port+f.Number+1)*scrape)
	case "whole":
		return prometheus.GaugeValue, float64((port*7 + f.Number) % 200)
	default:
		return prometheus.GaugeValue, float64((port*37+f.Number*101+scrape*13)%10000) / 100
	}
}

type collector struct {
	families []*family
	numbers  []string
	scrape   int64
}

func (c *collector) Describe(descs chan<- *prometheus.Desc) {
	for _, f := range c.families {
		descs <- f.desc
	}
}

func (c *collector) Collect(metrics chan<- prometheus.Metric) {
	c.scrape++
	for _, f := range c.families {
		for port, number := range c.numbers {
			valueType, value := f.value(int64(port), c.scrape)
			metrics <- prometheus.MustNewConstMetric(
				f.desc, valueType, value, number, speeds[port%len(speeds)], "Ethernet")
		}
	}
}

func main() {
	series, err := strconv.Atoi(os.Args[1])
	check(err)
	c := &collector{}
	check(json.Unmarshal([]byte(os.Args[2]), &c.families))
	for _, f := range c.families {
		f.desc = prometheus.NewDesc(f.Name, f.Help, []string{"portnum", "speed", "type"}, nil)
	}
	for port := 0; port < series/len(c.families); port++ {
		c.numbers = append(c.numbers, strconv.Itoa(port))
		for _, f := range c.families {
			cube := f.Number * f.Number * f.Number
			f.starts = append(f.starts, int64(port)*2654435761%4294967296*(cube+1))
		}
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(c)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	fmt.Printf("listening %d\n", listener.Addr().(*net.TCPAddr).Port)
	check(http.Serve(listener, promhttp.HandlerFor(registry, promhttp.HandlerOpts{})))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
