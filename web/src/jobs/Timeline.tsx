// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Text, Timeline as Line } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { useTime } from "../parts/time";
import { useReason } from "./reason";
import { details } from "./standing";

type Event = Schemas["JobEvent"];

/* What it says beyond its name: why, which option, by which policy. */
function useMore(): (event: Event) => string | null {
    const { t, i18n } = useTranslation("jobs");
    const reasonOf = useReason();

    return ({ event, detail }) => {
        const found = details(detail);
        if (found["option"]) {
            const key = `option.${found["option"]}`;
            const option = i18n.exists(`jobs:${key}`) ? t(key) : found["option"];
            return `${option}: ${found["value"] ?? ""}${found["policy"] ? ` (${found["policy"]})` : ""}`;
        }
        if (found["reason"] && event !== "job-held-again") return reasonOf(found["reason"]);
        return null;
    };
}

/* What happened to it, the newest last. */
export function Timeline({ events }: { events: readonly Event[] }) {
    const { t, i18n } = useTranslation("jobs");
    const { full } = useTime();
    const moreOf = useMore();

    return (
        <Line active={events.length - 1} bulletSize={16} lineWidth={2} component="ol" style={{ listStyle: "none" }} aria-label={t("timeline")}>
            {events.map((event, index) => {
                const key = `event.${event.event}`;
                const more = moreOf(event);
                return (
                    <Line.Item key={index} component="li" title={i18n.exists(`jobs:${key}`) ? t(key) : event.event}>
                        {more && <Text size="sm">{more}</Text>}
                        <Text size="xs" c="dimmed">
                            {full(event.at)}
                        </Text>
                    </Line.Item>
                );
            })}
        </Line>
    );
}
