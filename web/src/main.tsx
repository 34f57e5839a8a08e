// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import "./shell/styles";

import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";

import { queries } from "./api/queries";
import { App } from "./shell/App";
import { Look } from "./shell/Look";
import { allowScripts } from "./shell/trusted-types";
import { startWords } from "./words";
import { registerWorker } from "./worker/register";

allowScripts();
registerWorker();
await startWords();
createRoot(document.getElementById("root")!).render(
    <StrictMode>
        <QueryClientProvider client={queries}>
            <Look>
                <Suspense>
                    <App />
                </Suspense>
            </Look>
        </QueryClientProvider>
    </StrictMode>,
);
