// Prints which proxy Go takes, for a JSON list of environments and URLs on stdin: "" is none.
package main

import (
	"encoding/json"
	"log"
	"net/url"
	"os"

	"golang.org/x/net/http/httpproxy"
)

func main() {
	var questions []struct {
		Environment map[string]string
		URL         string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		log.Fatal(err)
	}
	proxies := []string{}
	for _, question := range questions {
		os.Clearenv()
		for name, value := range question.Environment {
			os.Setenv(name, value)
		}
		target, err := url.Parse(question.URL)
		if err != nil {
			log.Fatal(err)
		}
		proxy, err := httpproxy.FromEnvironment().ProxyFunc()(target)
		if err != nil {
			log.Fatal(err)
		}
		if proxy == nil {
			proxies = append(proxies, "")
		} else {
			proxies = append(proxies, proxy.Scheme+"://"+proxy.Host)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(proxies); err != nil {
		log.Fatal(err)
	}
}
