// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Button, Group, Stack, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api, done, type Schemas } from "../api/client";
import { Facts } from "../parts/Facts";
import type { Printer } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Section } from "../parts/Section";
import { useTime } from "../parts/time";
import { useAct } from "../parts/useAct";
import { Configuration } from "./Configuration";
import { useDevice } from "./useDevice";

type Seen = Schemas["DiscoveredPrinter"];

/* What a device told of itself, as pairs of words. */
export function useFacts(): (seen: Seen) => [string, React.ReactNode][] {
    const { t } = useTranslation("printers");
    const { full } = useTime();

    return (seen) => {
        const { facts, identity } = seen;
        const pairs: [string, string | null | undefined][] = [
            ["model", seen.make_and_model],
            ["address", [seen.address, seen.also].filter(Boolean).join(", ")],
            ["serial", identity?.serial],
            ["mac", identity?.mac],
            ["uuid", identity?.uuid],
            ["firmware", facts?.firmware],
            ["asset", facts?.asset_number],
            ["description", facts?.description],
            ["location", facts?.location],
            ["display", facts?.display?.join(" / ")],
            ["languages", facts?.languages?.join(", ")],
            ["speed", facts?.speed_ppm ? t("pagesPerMinute", { count: facts.speed_ppm }) : null],
            ["first", full(seen.first_seen)],
            ["last", full(seen.seen)],
            ["via", seen.via.join(", ").toUpperCase()],
        ];
        return pairs.filter(([, value]) => !!value).map(([name, value]) => [t(`fact.${name}`), <Name key={name} of={value} lines={3} inherit />]);
    };
}

function Identity({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const { act, isBusy } = useAct();
    const { uuid, spki, serial } = printer.identity;
    const shown = [
        ["UUID", uuid],
        [t("identity.key"), spki],
        [t("fact.serial"), serial],
    ].filter((pair): pair is [string, string] => !!pair[1]);

    return (
        <Section title={t("identity.title")} lead={t("identity.lead")}>
            {shown.length ? <Facts of={shown} /> : <Text size="sm">{t("identity.none")}</Text>}
            <Group>
                <Button
                    variant="default"
                    loading={isBusy}
                    disabled={!shown.length}
                    onClick={() =>
                        void act(() => done(api.PATCH("/v1/printers/{printer}", { params: { path: { printer: printer.id } }, body: { identity: null } })), {
                            again: ["printers"],
                            said: t("identity.forgotten"),
                        })
                    }
                >
                    {t("identity.forget")}
                </Button>
            </Group>
        </Section>
    );
}

function Meters({ printer }: { printer: Printer }) {
    const { t, i18n } = useTranslation("printers");
    const meters = useQuery({
        queryKey: ["printers", printer.id, "meters"],
        queryFn: () => done(api.GET("/v1/printers/{printer}/meters", { params: { path: { printer: printer.id } } })),
    });
    const number = new Intl.NumberFormat(i18n.language);

    return (
        <Section title={t("meters.title")} lead={t("meters.lead")}>
            <Loaded query={meters}>
                {({ items }) => {
                    const last = [...new Map(items.map((meter) => [meter.name, meter])).values()];
                    return last.length ? (
                        <Facts of={last.map((meter) => [meter.name, `${number.format(meter.value)} ${meter.unit}`] as const)} />
                    ) : (
                        <Text size="sm">{t("meters.none")}</Text>
                    );
                }}
            </Loaded>
        </Section>
    );
}

export function Device({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const facts = useFacts();
    const device = useDevice(printer.id);
    const { act } = useAct();

    return (
        <Stack>
            <Section title={t("device.title")}>
                <Loaded query={device}>
                    {({ device: seen, watch }) =>
                        seen ? (
                            <Stack>
                                <Facts of={facts(seen)} />
                                {watch && (
                                    <Switch
                                        label={t("device.follows")}
                                        description={t("device.followsHint")}
                                        checked={watch.follows}
                                        onChange={(event) => {
                                            const follows = event.currentTarget.checked;
                                            void act(() => done(api.PATCH("/v1/printers/{printer}/device", { params: { path: { printer: printer.id } }, body: { follows } })), {
                                                again: ["printers"],
                                            });
                                        }}
                                    />
                                )}
                            </Stack>
                        ) : (
                            <Text size="sm">
                                {t("notDiscovered")}{" "}
                                <Anchor component={Link} href="/admin/discovery" inherit td="underline">
                                    {t("find")}
                                </Anchor>
                            </Text>
                        )
                    }
                </Loaded>
            </Section>
            <Identity printer={printer} />
            <Configuration printer={printer} />
            <Meters printer={printer} />
        </Stack>
    );
}
