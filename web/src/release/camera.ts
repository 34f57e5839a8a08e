// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The camera, looking for a QR code. Loaded when somebody wants it. */
import QrScanner from "qr-scanner";

const LOOKS_EVERY_MS = 120;

export interface Looking {
    stop(): void;
}

/* read() is called with every code that comes into sight, until stop(). Throws where there is no camera, or it is refused. */
export async function look(video: HTMLVideoElement, read: (words: string) => void): Promise<Looking> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment" } });
    const engine = new Worker(new URL("./qrEngine.ts", import.meta.url), { type: "module" });
    const canvas = document.createElement("canvas");
    let isOn = true;

    const again = async () => {
        if (!isOn) return;
        if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
            const found = await QrScanner.scanImage(video, { qrEngine: engine, canvas, returnDetailedScanResult: true }).catch(() => null);
            if (isOn && found?.data) read(found.data);
        }
        setTimeout(() => void again(), LOOKS_EVERY_MS);
    };

    video.srcObject = stream;
    await video.play().catch(() => undefined);
    void again();
    return {
        stop: () => {
            isOn = false;
            engine.terminate();
            for (const track of stream.getTracks()) track.stop();
            video.srcObject = null;
        },
    };
}
