// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { NumberInput, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import { useQueues } from "../parts/everything";
import { Loaded } from "../parts/Loaded";
import { Notice } from "../parts/Notice";
import { Pick, PrinterPick } from "../parts/Pick";
import { Section } from "../parts/Section";
import { PersonPicker } from "../people/PersonPicker";
import { Notes } from "../release/Notes";
import { useSentence } from "./sentence";

const SIDES = ["one-sided", "two-sided-long-edge", "two-sided-short-edge"] as const;
const COLOURS = ["color", "monochrome"] as const;

function Outcome({ trial }: { trial: Schemas["PolicyTrial"] }) {
    const { t } = useTranslation("policies");
    const sentence = useSentence();
    const { settled, policies } = trial;
    const isAsWanted = ![settled.refused, settled.conflicts, settled.substituted, settled.forced].some((notes) => notes.length > 0);
    const verdict = !trial.may_print ? "closed" : settled.refused.length ? "refused" : isAsWanted ? "asWanted" : "changed";

    return (
        <Stack gap="xs" role="status">
            <Notice kind={verdict === "closed" || verdict === "refused" ? "bad" : "plain"} title={t(`trial.verdict.${verdict}`)}>
                {trial.may_print && <Notes of={settled} />}
            </Notice>
            <Text size="sm" c="dimmed">
                {t("trial.hold", { count: policies.length })}
            </Text>
            {policies.map((policy) => (
                <Text key={policy.id} size="sm">
                    {sentence(policy)}
                </Text>
            ))}
        </Stack>
    );
}

/* What would happen to this print of this person: so that a policy can be believed before people meet it. */
export function Trial() {
    const { t } = useTranslation("policies");
    const queues = useQueues();
    const [person, setPerson] = useState<string | null>(null);
    const [printer, setPrinter] = useState<string | null>(null);
    const [queue, setQueue] = useState<string | null>(null);
    const [pages, setPages] = useState<number | string>("");
    const [copies, setCopies] = useState<number | string>("");
    const [sides, setSides] = useState<string | null>(null);
    const [colour, setColour] = useState<string | null>(null);
    const query = {
        ...{ person: person ?? "", printer: printer ?? "" },
        ...(queue ? { queue } : {}),
        ...(pages ? { pages: Number(pages) } : {}),
        ...(copies ? { copies: Number(copies) } : {}),
        ...(sides ? { sides } : {}),
        ...(colour ? { print_color_mode: colour } : {}),
    };
    const trial = useQuery({
        queryKey: ["policies", "trial", query],
        queryFn: () => done(api.GET("/v1/policy-trial", { params: { query } })),
        enabled: person !== null && printer !== null,
        placeholderData: keepPreviousData,
    });

    return (
        <Section title={t("trial.title")} lead={t("trial.lead")}>
            <SimpleGrid cols={{ base: 1, sm: 3 }}>
                <PersonPicker label={t("trial.person")} value={person} onChange={setPerson} />
                <PrinterPick label={t("trial.printer")} value={printer} onChange={setPrinter} />
                <Pick label={t("trial.queue")} of={queues.data} value={queue} onChange={setQueue} />
            </SimpleGrid>
            <SimpleGrid cols={{ base: 2, sm: 4 }}>
                <NumberInput label={t("trial.pages")} min={1} max={1_000_000} value={pages} onChange={setPages} />
                <NumberInput label={t("trial.copies")} min={1} max={999} value={copies} onChange={setCopies} />
                <Select label={t("trial.sides")} clearable data={SIDES.map((value) => ({ value, label: t(`what.${value}`) }))} value={sides} onChange={setSides} />
                <Select label={t("trial.colour")} clearable data={COLOURS.map((value) => ({ value, label: t(`trial.${value}`) }))} value={colour} onChange={setColour} />
            </SimpleGrid>
            {person && printer && <Loaded query={trial}>{(found) => <Outcome trial={found} />}</Loaded>}
        </Section>
    );
}
