// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Anchor, Button, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconMapPin, IconSearch, IconStar, IconStarFilled } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { Empty } from "../parts/Empty";
import { Loaded } from "../parts/Loaded";
import { More } from "../parts/More";
import { Name } from "../parts/Name";
import { type Printer, printerTitle } from "../parts/printer";
import { usePrinters } from "./calls";
import { useMine } from "./mine";
import { distanceWords, nearOf } from "./near";

interface RowProps {
    printer: Printer;
    choose: (printer: Printer) => void;
    isFavourite: boolean;
    turn: (printer: Printer, is: boolean) => void;
    metres: number | null;
}

function Row({ printer, choose, isFavourite, turn, metres }: RowProps) {
    const { t, i18n } = useTranslation("release");
    const far = metres === null ? null : distanceWords(i18n.language, metres);
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
                    onClick={() => turn(printer, !isFavourite)}
                >
                    {isFavourite ? <IconStarFilled size={20} aria-hidden /> : <IconStar size={20} aria-hidden />}
                </ActionIcon>
            </Group>
        </Paper>
    );
}

/* Only when asked for; the service keeps it nowhere. */
function useWhere() {
    const [where, setWhere] = useState<{ near: string } | "asked" | "refused" | null>(null);
    const ask = () => {
        setWhere("asked");
        navigator.geolocation.getCurrentPosition(
            ({ coords }) => setWhere({ near: nearOf(coords) }),
            () => setWhere("refused"),
            { timeout: 20_000, maximumAge: 60_000 },
        );
    };

    return { where, near: where && typeof where === "object" ? where.near : null, ask, canAsk: "geolocation" in navigator };
}

const SETTLED_MS = 200; // of typing

/* Whoever types the whole of a name or alias means that printer. */
function meant(found: readonly Printer[], words: string): Printer | undefined {
    const typed = words.toLowerCase();

    return found.find((printer) => printer.name === typed || printer.alias === typed) ?? (found.length === 1 ? found[0] : undefined);
}

interface Props {
    choose: (printer: Printer) => void;
    jobs?: readonly string[]; // what is to come out there; none: whatever waits
}

/* Where I may print it: my favourites, where I was last, those near me, the others; found by any of their words. */
export function PrinterChoice({ choose, jobs = [] }: Props) {
    const { t } = useTranslation("release");
    const [words, setWords] = useState("");
    const [search] = useDebouncedValue(words.trim(), SETTLED_MS);
    const { where, near, ask, canAsk } = useWhere();
    const printers = usePrinters({ search, near, jobs });
    const { favourites, recent, isFavourite, turn } = useMine();
    const found = printers.items ?? [];
    const [entered, setEntered] = useState<string | null>(null); // words that somebody wants to be taken for the printer's
    const one = entered !== null && entered === search && printers.items ? meant(printers.items, search) : undefined;

    useEffect(() => {
        if (one) choose(one);
    }, [one]);
    const metres = new Map(found.map((printer) => [printer.id, printer.metres ?? null]));
    // Of mine those that are found; what is found may go on beyond what was asked for.
    const isOffered = (printer: Printer) => metres.has(printer.id) || (!search && printers.hasMore);
    const mine = [favourites.filter(isOffered), recent.filter(isOffered)] as const;
    const rest = found.filter((printer) => !mine.flat().some((one) => one.id === printer.id));
    const rows = (list: readonly Printer[], name: string) =>
        list.length > 0 && (
            <Stack gap="xs">
                <Title order={2} size="h5">
                    {t(`list.${name}`)}
                </Title>
                <Stack component="ul" p={0} m={0} gap="xs" style={{ listStyle: "none" }}>
                    {list.map((printer) => (
                        <Row
                            key={printer.id}
                            printer={printer}
                            choose={choose}
                            isFavourite={isFavourite(printer.id)}
                            turn={turn}
                            metres={metres.get(printer.id) ?? null}
                        />
                    ))}
                </Stack>
            </Stack>
        );

    return (
        <Stack>
            <Group align="flex-end">
                <TextInput
                    flex={1}
                    miw={220}
                    label={t("search")}
                    leftSection={<IconSearch size={18} aria-hidden />}
                    value={words}
                    onChange={(event) => {
                        setWords(event.currentTarget.value);
                        setEntered(null);
                    }}
                    maxLength={120}
                    onKeyDown={(event) => event.key === "Enter" && words.trim() && setEntered(words.trim())}
                />
                {canAsk && (
                    <Button variant="default" leftSection={<IconMapPin size={18} aria-hidden />} loading={where === "asked"} onClick={ask}>
                        {t("near")}
                    </Button>
                )}
            </Group>
            <Text role="status" size="sm" mt={-8}>
                {where === "refused" && t("nearRefused")}
                {near && found.length > 0 && ![...metres.values()].some((far) => far !== null) && t("nearUnknown")}
            </Text>
            <Loaded query={printers.query}>
                {() =>
                    found.length ? (
                        <Stack>
                            {rows(mine[0], "favourites")}
                            {rows(mine[1], "recent")}
                            {rows(rest, near ? "near" : mine.flat().length ? "others" : "all")}
                        </Stack>
                    ) : (
                        <Empty
                            words={t(search ? "noneFound" : jobs.length ? "noneForThese" : "noPrinters")}
                            hint={t(search ? "noneFoundHint" : jobs.length ? "noneForTheseHint" : "noPrintersHint")}
                        />
                    )
                }
            </Loaded>
            <More of={printers} />
        </Stack>
    );
}
