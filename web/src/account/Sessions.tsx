// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { api, done } from "../api/client";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { useTime } from "../parts/time";
import { Section } from "./Section";
import { useDeed } from "./useDeed";

/* Where I am signed in. */
export function Sessions() {
    const { t } = useTranslation("account");
    const { ago } = useTime();
    const sessions = useQuery({ queryKey: ["sessions", "mine"], queryFn: () => done(api.GET("/v1/sessions")) });
    const end = useDeed(["sessions"], (session: string) => done(api.DELETE("/v1/sessions/{session}", { params: { path: { session } } })));

    return (
        <Section title={t("sessions.title")} lead={t("sessions.lead")}>
            <Loaded query={sessions}>
                {({ items }) => (
                    <Stack component="ul" p={0} m={0} gap="sm" style={{ listStyle: "none" }}>
                        {items.map((session) => (
                            <Group key={session.id} component="li" wrap="nowrap">
                                <div style={{ flex: 1, minWidth: 0 }}>
                                    <Name of={session.label ?? t(`sessions.kind.${session.kind}`)} />
                                    <Text size="sm" c="dimmed">
                                        {t("sessions.seen", { when: ago(session.seen), where: session.source })}
                                    </Text>
                                </div>
                                {session.is_current ? (
                                    <Badge variant="default" tt="none">
                                        {t("sessions.this")}
                                    </Badge>
                                ) : (
                                    <Button size="compact-md" variant="default" onClick={() => end.mutate(session.id)}>
                                        {t("sessions.end")}
                                    </Button>
                                )}
                            </Group>
                        ))}
                    </Stack>
                )}
            </Loaded>
        </Section>
    );
}
