/** A SignOn whose arguments have no fault, on a controller that nothing answers for. */
export const resource = {
  name: "front",
  proxy: {
    server: "nginx",
    listen: { port: 8081 },
    upstream: "http://127.0.0.1:8080",
    access: {
      mode: "forwardUser",
      authentication: { type: "basic", users: { alice: "alice-at-the-proxy" } },
    },
    destination: { path: "/etc/nginx/conf.d/jenkins.conf" },
  },
  realm: { type: "reverseProxy" },
  controller: { url: "http://127.0.0.1:1", user: "admin", token: "11".repeat(17), waitSeconds: 1 },
};
