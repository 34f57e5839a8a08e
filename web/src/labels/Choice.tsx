// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Checkbox, Group, Paper, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { Empty } from "../parts/Empty";
import { useSites } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { Pick } from "../parts/Pick";
import { usePaged } from "../parts/usePaged";

export type Printer = Schemas["Printer"];

interface Props {
    chosen: ReadonlyMap<string, Printer>;
    choose: (printers: readonly Printer[], on: boolean) => void;
}

/* The printers to make labels for: found by words, page by page, with a tick each; ticks stay when others are looked for. */
export function Choice({ chosen, choose }: Props) {
    const { t } = useTranslation("labels");
    const [words, setWords] = useState("");
    const [search] = useDebouncedValue(words.trim(), 300);
    const [site, setSite] = useState<string | null>(null);
    const sites = useSites();
    const printers = usePaged(["printers", "labels", search, site], (after) =>
        done(api.GET("/v1/printers", { params: { query: { inspected: true, ...(search ? { search } : {}), ...(site ? { site } : {}), ...(after ? { after } : {}) } } })),
    );
    const items = printers.items ?? [];

    return (
        <Stack component="fieldset" p={0} m={0} style={{ border: 0 }}>
            <legend>{t("which")}</legend>
            <Group align="flex-end" justify="space-between">
                <TextInput type="search" label={t("search")} value={words} onChange={(event) => setWords(event.currentTarget.value)} maxLength={120} />
                {!!sites.data?.length && <Pick label={t("site")} placeholder={t("everywhere")} of={sites.data} value={site} onChange={setSite} />}
                {items.length > 1 && (
                    <Button variant="default" onClick={() => choose(items, !items.every((item) => chosen.has(item.id)))}>
                        {t(items.every((item) => chosen.has(item.id)) ? "noneOfThese" : "allOfThese")}
                    </Button>
                )}
            </Group>
            <Loaded query={printers.query}>
                {() =>
                    items.length ? (
                        <Stack component="ul" p={0} m={0} gap={4} style={{ listStyle: "none" }}>
                            {items.map((printer) => (
                                <Paper component="li" key={printer.id} withBorder px="sm" py="xs">
                                    <Checkbox
                                        checked={chosen.has(printer.id)}
                                        onChange={(event) => choose([printer], event.currentTarget.checked)}
                                        label={<Name of={printer.title ?? printer.name} />}
                                        description={<Name of={[printer.alias, printer.location].filter(Boolean).join(" · ")} />}
                                    />
                                </Paper>
                            ))}
                        </Stack>
                    ) : (
                        <Empty words={t("none")} hint={t("noneHint")} />
                    )
                }
            </Loaded>
            {printers.hasMore && (
                <Button variant="default" loading={printers.isFetchingMore} onClick={printers.more}>
                    {t("shell:more")}
                </Button>
            )}
        </Stack>
    );
}
