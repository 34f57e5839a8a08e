// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Badge, Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { mediaName } from "../jobs/ticket";
import { Confirm } from "../parts/Confirm";
import type { Printer } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Notice } from "../parts/Notice";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { Alerts } from "./Alerts";
import { leftOf, Levels } from "./Levels";
import { Readiness } from "./Readiness";
import { useReason } from "./Status";
import { useDevice } from "./useDevice";

/* Another device answers in its place: nothing is delivered there until somebody says that this is right. */
function Swapped({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const { ago } = useTime();
    const device = useDevice(printer.id);
    const { act, isBusy } = useAct();
    const [isAsked, setAsked] = useState(false);
    const by = device.data?.watch?.swapped_by;

    if (!printer.status?.swapped_since) return null;
    const accept = async () => {
        await act(
            () => done(api.PATCH("/v1/printers/{printer}/device", { params: { path: { printer: printer.id } }, body: { device: by! } })),
            { again: ["printers", "discovery"], said: t("shell:saved") },
        );
        setAsked(false);
    };

    return (
        <Notice kind="bad" title={t("swapped.title")}>
            <Stack gap="xs" align="flex-start">
                <Text size="sm">{t("swapped.words", { when: ago(printer.status.swapped_since) })}</Text>
                {by && (
                    <Group>
                        <Button size="compact-sm" color="red" onClick={() => setAsked(true)}>
                            {t("swapped.accept")}
                        </Button>
                        <Anchor component={Link} href="/admin/discovery" size="sm" c="inherit" td="underline">
                            {t("swapped.look")}
                        </Anchor>
                    </Group>
                )}
            </Stack>
            <Confirm
                opened={isAsked}
                title={t("swapped.accept")}
                words={t("swapped.acceptWords")}
                deed={t("swapped.accept")}
                busy={isBusy}
                close={() => setAsked(false)}
                confirm={() => void accept()}
            />
        </Notice>
    );
}

function Warnings({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");

    return printer.warnings.map((warning) => (
        <Notice key={warning} kind="careful" title={t(`warning.${warning}.title`)}>
            {t(`warning.${warning}.words`)}
        </Notice>
    ));
}

function State({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const { ago } = useTime();
    const reason = useReason();
    const trayName = (source: string) => source.replace(/^tray-(\d+)$/, (_, number: string) => t("tray", { number }));
    const state = useQuery({
        queryKey: ["printers", printer.id, "state"],
        queryFn: () => done(api.GET("/v1/printers/{printer}/state", { params: { path: { printer: printer.id } } })),
    });

    return (
        <Section title={t("paper")}>
            <Loaded query={state}>
                {({ seen, trays, reasons }) => (
                    <Stack gap="xs">
                        {reasons.some((word) => word !== "none") && (
                            <Group gap={6}>
                                {reasons.map((word) => (
                                    <Badge key={word} variant="default" tt="none">
                                        {reason(word)}
                                    </Badge>
                                ))}
                            </Group>
                        )}
                        <Levels
                            label={t("paper")}
                            of={trays.map((tray) => ({
                                key: tray.source,
                                name: trayName(tray.source),
                                also: tray.ready ? (tray.media ? mediaName(tray.media) : t("mediaUnknown")) : t("trayEmpty"),
                                left: tray.level === null ? { word: tray.ready ? "some" : "unknown" } : { percent: tray.level },
                            }))}
                        />
                        {!trays.length && <Text size="sm">{t("noTrays")}</Text>}
                        <Text size="sm" c="dimmed">
                            {seen ? t("seen", { when: ago(seen) }) : t("neverSeen")}
                        </Text>
                    </Stack>
                )}
            </Loaded>
        </Section>
    );
}

/* Which ends first, where that is known; nothing for who may not read reports of printers. */
function FirstEmpty({ printer }: { printer: string }) {
    const { t, i18n } = useTranslation("printers");
    const first = useQuery({
        queryKey: ["reports", "supplies", "of", printer],
        queryFn: async () => (await done(api.GET("/v1/reports/supplies", { params: { query: { printer, limit: 1 } } }))) as Schemas["SupplyPage"],
        retry: false,
    }).data?.items[0];

    if (!first?.empty) return null;
    const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(first.empty));
    return (
        <Text size="sm">
            <Name of={t("firstEmpty", { supply: first.name ?? first.type ?? t("supply"), day })} inherit />
        </Text>
    );
}

function Supplies({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const device = useDevice(printer.id);

    return (
        <Section title={t("supplies")}>
            <FirstEmpty printer={printer.id} />
            <Loaded query={device}>
                {({ device: seen }) =>
                    seen?.supplies?.length ? (
                        <Levels
                            label={t("supplies")}
                            of={seen.supplies.map((supply) => ({
                                key: String(supply.index),
                                name: supply.name ?? supply.type ?? t("supply"),
                                also: supply.colour ?? undefined,
                                left: leftOf(supply),
                            }))}
                        />
                    ) : (
                        <Text size="sm">{t(seen ? "noSupplies" : "notDiscovered")}</Text>
                    )
                }
            </Loaded>
        </Section>
    );
}

export function Overview({ printer }: { printer: Printer }) {
    return (
        <Stack>
            <Swapped printer={printer} />
            <Warnings printer={printer} />
            <Readiness printer={printer} />
            <SimpleGrid cols={{ base: 1, md: 2 }}>
                <State printer={printer} />
                <Supplies printer={printer} />
            </SimpleGrid>
            <Alerts printer={printer.id} />
        </Stack>
    );
}
