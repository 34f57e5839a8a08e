// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Select, SimpleGrid } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { Loaded } from "./Loaded";
import { Section } from "./Section";
import { useAct } from "./useAct";

type Ticket = Schemas["Ticket"];

interface Props {
    of: readonly string[]; // its key: "printers", the id, "ticket"
    read: () => Promise<Ticket>;
    write: (ticket: Ticket) => Promise<Ticket>;
    lead: string;
}

const CHOICES = {
    sides: ["one-sided", "two-sided-long-edge", "two-sided-short-edge"],
    print_color_mode: ["auto", "color", "monochrome"],
    number_up: [1, 2, 4, 6, 9, 16],
    print_quality: [3, 4, 5],
} as const;
type Name = keyof typeof CHOICES;

function Form({ ticket, write, resource }: { ticket: Ticket; write: Props["write"]; resource: string }) {
    const { t } = useTranslation("things");
    const { act, isBusy } = useAct();
    const [form, setForm] = useState(ticket);

    function choose(name: Name, value: string | null) {
        const { [name]: _, ...rest } = form;
        const found = CHOICES[name].find((choice) => String(choice) === value);

        setForm(found === undefined ? rest : { ...rest, [name]: found });
    }

    function save(event: FormEvent) {
        event.preventDefault();
        void act(() => write(form), { again: [resource], said: t("shell:saved") });
    }

    return (
        <form onSubmit={save}>
            <SimpleGrid cols={{ base: 1, sm: 2, md: 4 }} mb="sm">
                {(Object.keys(CHOICES) as Name[]).map((name) => (
                    <Select
                        key={name}
                        label={t(`ticket.${name}`)}
                        placeholder={t("ticket.open")}
                        clearable
                        data={CHOICES[name].map((choice) => ({ value: String(choice), label: t(`ticket.${name}_${choice}`) }))}
                        value={form[name] === undefined ? null : String(form[name])}
                        onChange={(value) => choose(name, value)}
                    />
                ))}
            </SimpleGrid>
            <Group>
                <Button type="submit" variant="default" loading={isBusy}>
                    {t("shell:save")}
                </Button>
            </Group>
        </form>
    );
}

/* What a ticket usually holds where nobody says otherwise. What is not shown here stays as it is. */
export function TicketDefaults({ of, read, write, lead }: Props) {
    const { t } = useTranslation("things");
    const found = useQuery({ queryKey: of, queryFn: read });

    return (
        <Section title={t("ticket.title")} lead={lead}>
            <Loaded query={found}>{(ticket) => <Form ticket={ticket} write={write} resource={of[0]!} />}</Loaded>
        </Section>
    );
}
