/** A port to keep. */
import { createServer } from "node:net";

/**
 * Nobody listens on it, and nobody takes it by chance while a server is being started again: it lies below those that
 * systems give to whoever asks for any port, be it to listen or to connect from.
 */
export const portToKeep = async (): Promise<number> => {
  for (;;) {
    const port = 10_240 + Math.floor(Math.random() * 22_528);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
};
