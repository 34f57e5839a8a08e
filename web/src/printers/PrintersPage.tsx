// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Button, Checkbox, Group, NavLink, Paper, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "wouter";

import { api, done } from "../api/client";
import { Empty } from "../parts/Empty";
import { called, names, type Printer, useSites } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { Page } from "../parts/Page";
import { usePaged } from "../parts/usePaged";
import { AddPrinter } from "./AddPrinter";
import { Status } from "./Status";

const WAIT_MS = 250;

interface Asked {
    search: string;
    site: string | null;
    attention: boolean;
}

function usePrinters({ search, site, attention }: Asked) {
    return usePaged(["printers", "list", search, site, attention], (after, limit) =>
        done(
            api.GET("/v1/printers", {
                params: {
                    query: { limit, inspected: true, attention, search, ...(site ? { site } : {}), ...(after ? { after } : {}) },
                },
            }),
        ),
    );
}

function Row({ printer, site }: { printer: Printer; site: string }) {
    const words = [site, printer.location, printer.make_and_model].filter(Boolean).join(" · ");

    return (
        <Paper component="li" withBorder px="sm" py={8} style={{ contentVisibility: "auto", containIntrinsicSize: "auto 58px" }}>
            <Group justify="space-between" gap="xs">
                <div style={{ minWidth: 0, flex: "1 1 14rem" }}>
                    <Anchor component={Link} href={`/admin/printers/${printer.id}`} fw={600}>
                        <Name of={called(printer)} inherit />
                    </Anchor>
                    <Name of={words} c="dimmed" size="sm" style={{ display: "-webkit-box" }} />
                </div>
                <Status printer={printer} />
            </Group>
        </Paper>
    );
}

/* On a wide screen, where printers stand; elsewhere the same is a choice among the filters. */
function Places({ chosen, choose }: { chosen: string | null; choose: (site: string | null) => void }) {
    const { t } = useTranslation("printers");
    const sites = useSites();

    if (!sites.data?.length) return null;
    return (
        <Stack component="nav" gap={0} w={200} visibleFrom="md" style={{ flexShrink: 0 }} aria-label={t("bySite")}>
            <NavLink component="button" label={t("everywhere")} active={!chosen} onClick={() => choose(null)} />
            {sites.data.map((site) => (
                <NavLink
                    key={site.id}
                    component="button"
                    label={<Name of={called(site)} />}
                    rightSection={<Text size="xs">{site.printers}</Text>}
                    active={chosen === site.name}
                    aria-current={chosen === site.name ? "true" : undefined}
                    onClick={() => choose(site.name)}
                />
            ))}
        </Stack>
    );
}

export default function PrintersPage() {
    const { t } = useTranslation("printers");
    const [query, setQuery] = useSearchParams();
    const [words, setWords] = useState(query.get("search") ?? "");
    const [search] = useDebouncedValue(words.trim(), WAIT_MS);
    const [isAdding, adding] = useDisclosure();
    const sites = useSites();
    const siteOf = names(sites.data);
    const site = query.get("site");
    const attention = query.get("attention") === "true";
    const printers = usePrinters({ search, site, attention });
    const isNarrowed = !!search || !!site || attention;

    function set(name: string, value: string | null) {
        setQuery(
            (before) => {
                if (value) before.set(name, value);
                else before.delete(name);
                return before;
            },
            { replace: true },
        );
    }

    return (
        <Page
            title={t("title")}
            lead={t("lead")}
            size="xl"
            actions={
                <>
                    <Button variant="default" component={Link} href="/admin/printers/groups">
                        {t("groups.title")}
                    </Button>
                    <Button variant="default" component={Link} href="/admin/discovery">
                        {t("find")}
                    </Button>
                    <Button onClick={adding.open}>{t("add.title")}</Button>
                </>
            }
        >
            <Group align="flex-start" wrap="nowrap" gap="lg">
                <Places chosen={site} choose={(name) => set("site", name)} />
                <Stack flex={1} miw={0}>
                    <Group align="flex-end">
                        <TextInput
                            label={t("search")}
                            leftSection={<IconSearch size={16} aria-hidden />}
                            value={words}
                            onChange={(event) => setWords(event.currentTarget.value)}
                            maxLength={100}
                            flex="1 1 14rem"
                        />
                        {!!sites.data?.length && (
                            <Select
                                label={t("site")}
                                hiddenFrom="md"
                                clearable
                                searchable
                                data={sites.data.map((one) => ({ value: one.name, label: called(one) }))}
                                value={site}
                                onChange={(name) => set("site", name)}
                            />
                        )}
                        <Checkbox
                            label={t("attention")}
                            checked={attention}
                            onChange={(event) => set("attention", event.currentTarget.checked ? "true" : null)}
                            mb={8}
                        />
                    </Group>
                    <Loaded query={printers.query}>
                        {() =>
                            printers.items?.length ? (
                                <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }} aria-label={t("title")}>
                                    {printers.items.map((printer) => (
                                        <Row key={printer.id} printer={printer} site={siteOf(printer.site)} />
                                    ))}
                                </Stack>
                            ) : isNarrowed ? (
                                <Empty words={t("noneFound")} hint={t(attention ? "noneNeeds" : "noneFoundHint")} />
                            ) : (
                                <Empty words={t("none")} hint={t("noneHint")}>
                                    <Button component={Link} href="/admin/discovery">
                                        {t("find")}
                                    </Button>
                                </Empty>
                            )
                        }
                    </Loaded>
                    <More of={printers} />
                </Stack>
            </Group>
            {isAdding && <AddPrinter close={adding.close} />}
        </Page>
    );
}
