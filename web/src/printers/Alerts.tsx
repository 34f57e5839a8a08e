// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Badge, Checkbox, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { usePaged } from "../parts/usePaged";

const COLOURS = { information: "gray", warning: "yellow", critical: "red" } as const;
const PAGE = 20;

function One({ alert, isOfOne }: { alert: Schemas["Alert"]; isOfOne: boolean }) {
    const { t, i18n } = useTranslation("printers");
    const { ago } = useTime();
    const code = i18n.exists(`printers:alert.${alert.code}`) ? t(`alert.${alert.code}`) : alert.code;

    return (
        <Group component="li" justify="space-between" gap="xs">
            <Group gap="xs">
                <Badge variant="dot" color={COLOURS[alert.severity]} tt="none">
                    {t(`severity.${alert.severity}`)}
                </Badge>
                {!isOfOne &&
                    (alert.printer ? (
                        <Anchor component={Link} href={`/admin/printers/${alert.printer}`} size="sm">
                            <Name of={alert.printer_name} inherit />
                        </Anchor>
                    ) : (
                        <Anchor component={Link} href="/admin/agents" size="sm">
                            <Name of={alert.agent_name} inherit />
                        </Anchor>
                    ))}
                <Name of={alert.description ?? code} size="sm" />
            </Group>
            <Text size="sm" c="dimmed">
                {alert.closed ? t("over", { when: ago(alert.closed) }) : t("since", { when: ago(alert.opened) })}
            </Text>
        </Group>
    );
}

/* What a printer complains of, or all of them. */
export function Alerts({ printer }: { printer?: string }) {
    const { t } = useTranslation("printers");
    const [areAll, setAll] = useState(false);
    const which = areAll ? "all" : "open";
    const alerts = usePaged(["alerts", printer ?? "all", which], (after) =>
        done(api.GET("/v1/alerts", { params: { query: { limit: PAGE, which, ...(printer ? { printer } : {}), ...(after ? { after } : {}) } } })),
    );

    return (
        <Section
            title={t("alertsTitle")}
            actions={<Checkbox size="xs" label={t("alertsOver")} checked={areAll} onChange={(event) => setAll(event.currentTarget.checked)} />}
        >
            <Loaded query={alerts.query}>
                {() =>
                    alerts.items?.length ? (
                        <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }} aria-label={t("alertsTitle")}>
                            {alerts.items.map((alert) => (
                                <One key={alert.id} alert={alert} isOfOne={printer !== undefined} />
                            ))}
                        </Stack>
                    ) : (
                        <Text size="sm">{t("noAlerts")}</Text>
                    )
                }
            </Loaded>
            <More of={alerts} />
        </Section>
    );
}
