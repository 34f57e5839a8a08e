// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Anchor, Button, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconMapPin, IconSearch, IconStar, IconStarFilled } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { Name } from "../parts/Name";
import { type Printer, printerTitle } from "../parts/printer";
import { usePrinters, useSites } from "./calls";
import { distance, distanceWords, type Place, placeOf } from "./near";
import { useFavourites, useRecent } from "./places";

interface RowProps {
    printer: Printer;
    choose: (printer: Printer) => void;
    isFavourite: boolean;
    turn: () => void;
    far: string | null;
}

function Row({ printer, choose, isFavourite, turn, far }: RowProps) {
    const { t } = useTranslation("release");
    const facts = [printer.location, printer.make_and_model, printer.alias, far].filter(Boolean).join(" · ");

    return (
        <Paper component="li" withBorder p="xs" ps="md">
            <Group wrap="nowrap" justify="space-between">
                <Anchor component="button" type="button" ta="start" c="bright" onClick={() => choose(printer)} flex={1} miw={0} py={4}>
                    <Name of={printerTitle(printer)} fw={600} />
                    <Name of={facts} size="sm" c="dimmed" />
                    {!printer.accepting && (
                        <Text size="sm" c="red">
                            {t("state.off")}
                        </Text>
                    )}
                </Anchor>
                <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="xl"
                    aria-pressed={isFavourite}
                    aria-label={t("favourite", { printer: printerTitle(printer).slice(0, 100) })}
                    onClick={turn}
                >
                    {isFavourite ? <IconStarFilled size={20} aria-hidden /> : <IconStar size={20} aria-hidden />}
                </ActionIcon>
            </Group>
        </Paper>
    );
}

/* Only when asked for, and only in this browser: where somebody is, nobody else is told. */
function useWhere() {
    const [where, setWhere] = useState<Place | "asked" | "refused" | null>(null);
    const ask = () => {
        setWhere("asked");
        navigator.geolocation.getCurrentPosition(
            ({ coords }) => setWhere({ latitude: coords.latitude, longitude: coords.longitude }),
            () => setWhere("refused"),
            { timeout: 20_000, maximumAge: 60_000 },
        );
    };

    return { where, ask, canAsk: "geolocation" in navigator };
}

function useDistances(where: Place | null) {
    const sites = useSites().data?.items ?? [];
    const found = new Map<string, number>();

    if (where)
        for (const site of sites) {
            const place = placeOf(site.geo);
            if (place) found.set(site.id, distance(where, place));
        }
    return { metresTo: (printer: Printer) => (printer.site ? (found.get(printer.site) ?? null) : null), hasPlaces: sites.some((site) => placeOf(site.geo)) };
}

const SETTLED_MS = 200; // of typing

function group(printers: Printer[], favourites: string[], recent: string[], metresTo: (p: Printer) => number | null) {
    const by = (ids: string[]) => ids.map((id) => printers.find((printer) => printer.id === id)).filter((printer) => !!printer);
    const first = by(favourites);
    const then = by(recent).filter((printer) => !first.includes(printer));
    const rest = printers.filter((printer) => !first.includes(printer) && !then.includes(printer));
    const near = rest.filter((printer) => metresTo(printer) !== null).sort((a, b) => metresTo(a)! - metresTo(b)!);
    const others = rest.filter((printer) => !near.includes(printer)).sort((a, b) => printerTitle(a).localeCompare(printerTitle(b)));

    return { favourites: first, recent: then, near, others };
}

/* All that I may print at: those I like, where I was last, those near me, the others; found by any of their words. */
export function PrinterChoice({ choose }: { choose: (printer: Printer) => void }) {
    const { t, i18n } = useTranslation("release");
    const [words, setWords] = useState("");
    const [search] = useDebouncedValue(words.trim(), SETTLED_MS);
    const printers = usePrinters(search);
    const { favourites, turn } = useFavourites();
    const { recent } = useRecent();
    const { where, ask, canAsk } = useWhere();
    const { metresTo, hasPlaces } = useDistances(typeof where === "object" ? where : null);
    const found = printers.items ?? [];
    const rows = (list: Printer[], name: string) =>
        list.length > 0 && (
            <Stack gap="xs">
                <Title order={2} size="h5">
                    {t(`list.${name}`)}
                </Title>
                <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
                    {list.map((printer) => {
                        const metres = metresTo(printer);
                        return (
                            <Row
                                key={printer.id}
                                printer={printer}
                                choose={choose}
                                isFavourite={favourites.includes(printer.id)}
                                turn={() => turn(printer.id)}
                                far={metres === null ? null : distanceWords(i18n.language, metres)}
                            />
                        );
                    })}
                </Stack>
            </Stack>
        );
    const groups = group(found, favourites, recent, metresTo);

    return (
        <Stack>
            <Group align="flex-end">
                <TextInput
                    flex={1}
                    miw={220}
                    label={t("search")}
                    leftSection={<IconSearch size={18} aria-hidden />}
                    value={words}
                    onChange={(event) => setWords(event.currentTarget.value)}
                    maxLength={120}
                    onKeyDown={(event) => event.key === "Enter" && search === words.trim() && found.length === 1 && choose(found[0]!)}
                />
                {canAsk && hasPlaces && (
                    <Button variant="default" leftSection={<IconMapPin size={18} aria-hidden />} loading={where === "asked"} onClick={ask}>
                        {t("near")}
                    </Button>
                )}
            </Group>
            {where === "refused" && (
                <Text role="alert" size="sm">
                    {t("nearRefused")}
                </Text>
            )}
            <Loaded query={printers.query}>
                {() =>
                    found.length ? (
                        <Stack>
                            {rows(groups.favourites, "favourites")}
                            {rows(groups.recent, "recent")}
                            {rows(groups.near, "near")}
                            {rows(groups.others, groups.favourites.length + groups.recent.length + groups.near.length ? "others" : "all")}
                        </Stack>
                    ) : (
                        <Empty words={t(words ? "noneFound" : "noPrinters")} hint={t(words ? "noneFoundHint" : "noPrintersHint")} />
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
