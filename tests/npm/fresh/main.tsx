import { useEvents } from "@example/events/react";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

const App = () => {
  const [titles, setTitles] = useState<readonly string[]>([]);
  const state = useEvents("/events", { "order.created": ({ data }) => setTitles((all) => [...all, data.title]) });
  return <><p id="state">{state}</p><ul id="events">{titles.map((title) => <li key={title}>{title}</li>)}</ul></>;
};

createRoot(document.querySelector("#root") as Element).render(<StrictMode><App /></StrictMode>);
