// What Go, and so the Pulumi engine, makes of the variables that name proxies. A newer one: go get golang.org/x/net@VERSION
module pulumi-jenkins-auth/test/goPrograms/httpproxy

go 1.25.0

require golang.org/x/net v0.57.0

require golang.org/x/text v0.40.0 // indirect
