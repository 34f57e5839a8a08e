// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";

const LOOKS = {
    bad: { icon: <IconAlertTriangle aria-hidden />, colour: "red" },
    careful: { icon: <IconAlertTriangle aria-hidden />, colour: "yellow" },
    plain: { icon: <IconInfoCircle aria-hidden />, colour: "ink" },
};

/* Something that is so and should be known; its colour is beside the words, which can be read on any ground. */
export function Notice({ kind, title, children }: { kind: keyof typeof LOOKS; title: string; children?: ReactNode }) {
    const { icon, colour } = LOOKS[kind];

    return (
        <Alert variant="default" title={title} icon={icon} style={{ borderInlineStart: `4px solid var(--mantine-color-${colour}-6)` }}>
            {children}
        </Alert>
    );
}
