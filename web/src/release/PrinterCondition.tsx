// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Badge, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Printer } from "../parts/printer";
import { useTime } from "../parts/time";
import { usePrinterState } from "./calls";

const COLOURS = { unknown: "gray", idle: "green", processing: "blue", stopped: "red" } as const;

/* "media-empty-error" is "media-empty" with how bad it is. */
function plain(reason: string): string {
    return reason.replace(/-(error|warning|report)$/, "");
}

/* What the printer itself says of itself, before anything is sent there. */
export function PrinterCondition({ printer }: { printer: Printer }) {
    const { t, i18n } = useTranslation("release");
    const { ago } = useTime();
    const state = usePrinterState(printer.id).data;
    const isOff = !printer.accepting;
    const reasons = (state?.reasons ?? []).filter((reason) => reason !== "none");

    if (!state && !isOff) return <Text c="dimmed">{t("state.asked")}</Text>;
    return (
        <Group gap="xs" role="status">
            <Badge color={isOff ? "red" : COLOURS[state!.condition]} variant="dot" tt="none" size="lg">
                {isOff ? t("state.off") : t(`state.${state!.condition}`)}
            </Badge>
            {reasons.map((reason) => {
                const key = `stateReason.${plain(reason)}`;
                return (
                    <Text key={reason} size="sm">
                        {i18n.exists(`release:${key}`) ? t(key) : reason}
                    </Text>
                );
            })}
            {state?.seen && state.condition !== "unknown" && (
                <Text size="sm" c="dimmed">
                    {t("state.seen", { when: ago(state.seen) })}
                </Text>
            )}
        </Group>
    );
}
