// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Badge, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Printer } from "../parts/everything";

const COLOURS = { unknown: "gray", idle: "green", processing: "blue", stopped: "red" } as const;

/* "media-empty-error" in words, where we have some; how grave it is stands in the condition. */
export function useReason(): (reason: string) => string {
    const { t, i18n } = useTranslation("printers");

    return (reason) => {
        const key = `reason.${reason.replace(/-(error|warning|report)$/, "")}`;
        return i18n.exists(`printers:${key}`) ? t(key) : reason;
    };
}

/* What it does now, and what is wrong, as far as it is known. */
export function Status({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const reason = useReason();
    const { status, accepting } = printer;

    if (!status) return null;
    const reasons = status.reasons.filter((word) => word !== "none").slice(0, 2);
    return (
        <Group gap={6}>
            {status.swapped_since && (
                <Badge variant="dot" color="red" tt="none">
                    {t("state.swapped")}
                </Badge>
            )}
            {!accepting && (
                <Badge variant="dot" color="gray" tt="none">
                    {t("state.closed")}
                </Badge>
            )}
            {!!status.alerts && (
                <Badge variant="dot" color={status.worst === "critical" ? "red" : status.worst === "warning" ? "yellow" : "gray"} tt="none">
                    {t("alerts", { count: status.alerts })}
                </Badge>
            )}
            <Badge variant="dot" color={COLOURS[status.condition]} tt="none">
                {[t(`state.${status.condition}`), ...reasons.map(reason)].join(": ")}
            </Badge>
        </Group>
    );
}
