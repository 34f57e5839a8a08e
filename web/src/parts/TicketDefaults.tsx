// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Select, SimpleGrid } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { Kept } from "./Kept";

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

function chosen(ticket: Ticket, name: Name, value: string | null): Ticket {
    const { [name]: _, ...rest } = ticket;
    const found = CHOICES[name].find((choice) => String(choice) === value);

    return found === undefined ? rest : { ...rest, [name]: found };
}

/* What a ticket usually holds where nobody says otherwise. What is not shown here stays as it is. */
export function TicketDefaults({ of, read, write, lead }: Props) {
    const { t } = useTranslation("things");

    return (
        <Kept title={t("ticket.title")} lead={lead} of={of} read={async () => ({ ticket: await read() })} write={({ ticket }) => write(ticket)}>
            {({ ticket }, set) => (
                <SimpleGrid cols={{ base: 1, sm: 2, md: 4 }}>
                    {(Object.keys(CHOICES) as Name[]).map((name) => (
                        <Select
                            key={name}
                            label={t(`ticket.${name}`)}
                            placeholder={t("ticket.open")}
                            clearable
                            data={CHOICES[name].map((choice) => ({ value: String(choice), label: t(`ticket.${name}_${choice}`) }))}
                            value={ticket[name] === undefined ? null : String(ticket[name])}
                            onChange={(value) => set({ ticket: chosen(ticket, name, value) })}
                        />
                    ))}
                </SimpleGrid>
            )}
        </Kept>
    );
}
