import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const api = process.env.TAPI_API_ORIGIN ?? "http://localhost:3000";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: { target: "es2022", sourcemap: true, assetsInlineLimit: 0 },
  server: {
    port: 5173,
    proxy: {
      "/api": { target: api },
      "/socket": { target: api.replace(/^http/, "ws"), ws: true },
    },
  },
});
