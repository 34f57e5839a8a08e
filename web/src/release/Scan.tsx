// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Modal, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { printerPage } from "./target";

/* The camera's picture; the first code that is a printer's of ours is gone to. */
function Picture({ found }: { found: (path: string) => void }) {
    const { t } = useTranslation("release");
    const video = useRef<HTMLVideoElement>(null);
    const [fault, setFault] = useState<"none" | "refused" | "elsewhere">("none");
    const go = useRef(found);

    go.current = found;
    useEffect(() => {
        let isOver = false;
        let stop = () => undefined as void;
        const read = (words: string) => {
            const path = printerPage(words, location.origin);
            if (path) go.current(path);
            else setFault("elsewhere");
        };

        void import("./camera")
            .then(({ look }) => look(video.current!, read))
            .then((looking) => {
                stop = () => looking.stop();
                if (isOver) stop();
            })
            .catch(() => setFault("refused"));
        return () => {
            isOver = true;
            stop();
        };
    }, []);
    return (
        <Stack>
            {fault !== "refused" && <Text>{t("scan.words")}</Text>}
            {fault !== "none" && (
                <Alert color="orange" role="alert" title={t(`scan.${fault}`)}>
                    {t(`scan.${fault}Words`)}
                </Alert>
            )}
            {fault !== "refused" && (
                <video
                    ref={video}
                    muted
                    playsInline
                    aria-label={t("scan.picture")}
                    style={{ width: "100%", maxHeight: "60dvh", background: "black", borderRadius: "var(--mantine-radius-md)", objectFit: "cover" }}
                />
            )}
        </Stack>
    );
}

export default function Scan({ close, found }: { close: () => void; found: (path: string) => void }) {
    const { t } = useTranslation("release");

    return (
        <Modal opened onClose={close} title={t("scan.title")} centered closeButtonProps={{ "aria-label": t("shell:close") }}>
            <Picture found={found} />
        </Modal>
    );
}
