// The least that an executable of this stack can be: an Elysia that says it lives.

import { Elysia } from "elysia";

new Elysia({ serve: { reusePort: false } })
  .get("/healthz", () => "ok")
  .get("/readyz", () => "ready")
  .listen({ hostname: "127.0.0.1", port: Number(process.env.PORT) });
