// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Badge, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Agent } from "../parts/everything";
import { useTime } from "../parts/time";

/* Whether it is there, and what is wrong with it. */
export function State({ agent }: { agent: Agent }) {
    const { t } = useTranslation("agents");
    const { ago } = useTime();
    const state = !agent.enrolled ? "new" : agent.connected ? "connected" : "away";
    const colour = { new: "gray", connected: "green", away: "red" }[state];

    return (
        <Group gap={6}>
            {(agent.cloned || agent.health?.superseded) && (
                <Badge variant="dot" color="red" tt="none">
                    {t("state.cloned")}
                </Badge>
            )}
            {agent.alarms > 0 && (
                <Badge variant="dot" color="yellow" tt="none">
                    {t("alarms", { count: agent.alarms })}
                </Badge>
            )}
            <Badge variant="dot" color={colour} tt="none">
                {state === "away" && agent.seen ? t("state.awaySince", { when: ago(agent.seen) }) : t(`state.${state}`)}
            </Badge>
        </Group>
    );
}
