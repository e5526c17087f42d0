import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";

export default defineConfig(({ mode }) => {
  const api = loadEnv(mode, process.cwd(), "TAPI_").TAPI_API_ORIGIN ?? "http://localhost:3000";
  return {
    plugins: [react(), tailwindcss()],
    // Nothing inlined: the content security policy allows scripts and fonts from our own origin only.
    build: { target: "es2022", sourcemap: true, assetsInlineLimit: 0 },
    server: {
      port: 5173,
      proxy: {
        "/api": { target: api },
        "/socket": { target: api.replace(/^http/, "ws"), ws: true },
      },
    },
  };
});
