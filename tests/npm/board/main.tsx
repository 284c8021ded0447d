import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Board } from "./board.js";

const element = document.querySelector("#root") as HTMLElement & { root?: ReturnType<typeof createRoot> };

// A module that is loaded anew renders into the root that stands, as hot reload does.
(element.root ??= createRoot(element)).render(<StrictMode><Board /></StrictMode>);
