// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { handOver } from "../send/handover";
import { keepOffer } from "./install";
import { onOpened, takeShared } from "./shared";

/* Without it everything works, but for sharing into the app, and the page that says that the service is away. */
export function registerWorker(): void {
    keepOffer();
    navigator.serviceWorker?.register("/worker.js").catch(() => undefined);
    onOpened(handOver);
    void takeShared(location.search).then(handOver);
}
