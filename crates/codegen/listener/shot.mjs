import { chromium } from "playwright-core";
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--disable-gpu","--disable-quic","--no-first-run"], headless: true });
const shots = process.argv.slice(2);
for (const shot of shots) {
  const [path, scheme, width, name] = shot.split(",");
  const page = await browser.newPage({ colorScheme: scheme, viewport: { width: +width, height: 900 } });
  page.on("console", (m) => console.log(name, m.type(), m.text()));
  page.on("pageerror", (e) => console.log(name, "ERR", e.message));
  await page.goto("http://127.0.0.1:8123" + path);
  await page.waitForTimeout(path.includes("live") ? 4500 : 400);
  await page.screenshot({ path: `/tmp/shot-${name}.png`, fullPage: !path.includes("live") || true });
}
await browser.close();
