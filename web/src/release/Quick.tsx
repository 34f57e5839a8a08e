// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Stack, Text } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { withOption } from "../jobs/ticket";
import type { Printer } from "../parts/printer";
import type { Ticket } from "./calls";

interface Props {
    ticket: Ticket;
    change: (ticket: Ticket) => void;
    printer: Printer;
}

const AS_SENT = "";

function Question({ words, values, value, choose }: { words: string; values: [string, string][]; value: string; choose: (value: string) => void }) {
    const id = useId();

    return (
        <Stack gap={6} role="group" aria-labelledby={id}>
            <Text id={id} size="sm" fw={500}>
                {words}
            </Text>
            <Group gap={6}>
                {values.map(([of, label]) => (
                    <Button key={of} size="compact-md" fw={500} variant={of === value ? "light" : "default"} aria-pressed={of === value} onClick={() => choose(of)}>
                        {label}
                    </Button>
                ))}
            </Group>
        </Stack>
    );
}

/* What is changed most at a printer, one press each, as far as the printer can do it. */
export function Quick({ ticket, change, printer }: Props) {
    const { t } = useTranslation(["release", "jobs"]);
    const asSent: [string, string] = [AS_SENT, t("release:asSent")];

    if (!printer.duplex && !printer.colour) return null;
    return (
        <Group gap="xl">
            {printer.duplex && (
                <Question
                    words={t("jobs:options.sides")}
                    values={[asSent, ...(["one-sided", "two-sided-long-edge"] as const).map((of): [string, string] => [of, t(`jobs:options.sidesAre.${of}`)])]}
                    value={ticket.sides ?? AS_SENT}
                    choose={(of) => change(withOption(ticket, "sides", (of || undefined) as Ticket["sides"]))}
                />
            )}
            {printer.colour && (
                <Question
                    words={t("jobs:options.colour")}
                    values={[asSent, ...(["color", "monochrome"] as const).map((of): [string, string] => [of, t(`jobs:options.colourIs.${of}`)])]}
                    value={ticket.print_color_mode ?? AS_SENT}
                    choose={(of) => change(withOption(ticket, "print_color_mode", (of || undefined) as Ticket["print_color_mode"]))}
                />
            )}
        </Group>
    );
}
