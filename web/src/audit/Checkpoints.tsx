// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Code, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { usePaged } from "../parts/usePaged";

/* What the keeper signed of the trail, so that a copy of a line can be kept where nobody of the service comes to. */
export function Checkpoints() {
    const { t } = useTranslation("audit");
    const { full } = useTime();
    const checkpoints = usePaged(["checkpoints"], (after) => done(api.GET("/v1/audit/checkpoints", { params: { query: { limit: 5, order: "newest", ...(after ? { after: Number(after) } : {}) } } })));

    return (
        <Section title={t("checkpoints.title")} lead={t("checkpoints.lead")}>
            <Loaded query={checkpoints.query}>
                {() =>
                    checkpoints.items?.length ? (
                        <Stack component="ol" gap="xs" p={0} m={0} style={{ listStyle: "none" }}>
                            {checkpoints.items.map((one) => (
                                <li key={one.sequence}>
                                    <Text size="sm">{t("checkpoints.covers", { sequence: one.sequence, record: one.record, when: full(one.at) })}</Text>
                                    <Code style={{ overflowWrap: "anywhere" }}>{one.hash}</Code>
                                </li>
                            ))}
                        </Stack>
                    ) : (
                        <Text size="sm">{t("checkpoints.none")}</Text>
                    )
                }
            </Loaded>
            <More of={checkpoints} />
        </Section>
    );
}
