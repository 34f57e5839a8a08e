// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Checkbox, Collapse, Group, NumberInput, Select, SimpleGrid, Stack, TextInput, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { printerTitle, type Printer } from "../parts/printer";
import {
    COMMON_MEDIA,
    COPIES_MAX,
    finishing,
    hasFinish,
    mediaName,
    NUMBERS_UP,
    pageRanges,
    type Ticket,
    withFinish,
    withOption,
} from "./ticket";

interface Props {
    ticket: Ticket;
    change: (ticket: Ticket) => void;
    printer?: Printer | undefined; // what it cannot do is not offered, or said where it is chosen already
    pages?: number | null | undefined;
    hasPages?: boolean; // false: of no document, so nothing is said of its pages
    disabled?: boolean;
}

/* Typed freely, and part of the ticket while it is good. */
function Pages({ ticket, change, pages, disabled }: Props) {
    const { t } = useTranslation("jobs");
    const [typed, setTyped] = useState(ticket.page_ranges === "all" ? "" : (ticket.page_ranges ?? ""));
    const isWrong = pageRanges(typed) === null;

    return (
        <TextInput
            label={t("options.pages")}
            placeholder={pages ? t("options.pagesOf", { count: pages }) : t("options.pagesAll")}
            description={t("options.pagesHint")}
            value={typed}
            error={isWrong ? t("options.pagesWrong") : null}
            disabled={!!disabled}
            inputMode="text"
            onChange={(event) => {
                const words = event.currentTarget.value;
                const ranges = pageRanges(words);
                setTyped(words);
                if (ranges !== null) change(withOption(ticket, "page_ranges", ranges || undefined));
            }}
        />
    );
}

function Usual({ ticket, change, printer, disabled = false, hasPages = true, ...rest }: Props) {
    const { t } = useTranslation("jobs");
    const cannot = (is: boolean | undefined) => (is ? t("options.cannot", { printer: printer ? printerTitle(printer) : "" }) : null);
    const lacksDuplex = printer && !printer.duplex;
    const lacksColour = printer && !printer.colour;

    return (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NumberInput
                label={t("options.copies")}
                value={ticket.copies ?? ""}
                placeholder="1"
                min={1}
                max={COPIES_MAX}
                allowDecimal={false}
                clampBehavior="strict"
                disabled={disabled}
                onChange={(value) => change(withOption(ticket, "copies", typeof value === "number" ? value : undefined))}
            />
            <Select
                label={t("options.sides")}
                placeholder={t("options.usual")}
                data={(["one-sided", "two-sided-long-edge", "two-sided-short-edge"] as const).map((value) => ({
                    value,
                    label: t(`options.sidesAre.${value}`),
                }))}
                value={ticket.sides ?? null}
                error={cannot(lacksDuplex && ticket.sides?.startsWith("two"))}
                disabled={disabled}
                clearable
                clearButtonProps={{ "aria-label": t("options.asUsual") }}
                onChange={(value) => change(withOption(ticket, "sides", value as Ticket["sides"]))}
            />
            <Select
                label={t("options.colour")}
                placeholder={t("options.usual")}
                data={(["color", "monochrome"] as const).map((value) => ({ value, label: t(`options.colourIs.${value}`) }))}
                value={ticket.print_color_mode === "auto" ? null : (ticket.print_color_mode ?? null)}
                error={cannot(lacksColour && ticket.print_color_mode === "color")}
                disabled={disabled}
                clearable
                clearButtonProps={{ "aria-label": t("options.asUsual") }}
                onChange={(value) => change(withOption(ticket, "print_color_mode", value as Ticket["print_color_mode"]))}
            />
            <Select
                label={t("options.numberUp")}
                placeholder={t("options.usual")}
                data={NUMBERS_UP.map((number) => ({ value: String(number), label: t("options.numberUpIs", { count: number }) }))}
                value={ticket.number_up ? String(ticket.number_up) : null}
                disabled={disabled}
                clearable
                clearButtonProps={{ "aria-label": t("options.asUsual") }}
                onChange={(value) => change(withOption(ticket, "number_up", value ? (Number(value) as NonNullable<Ticket["number_up"]>) : undefined))}
            />
            {hasPages && <Pages ticket={ticket} change={change} disabled={disabled} {...rest} />}
        </SimpleGrid>
    );
}

function Further({ ticket, change, printer, disabled = false }: Props) {
    const { t } = useTranslation("jobs");
    const media = [...new Set([...(printer?.media ?? COMMON_MEDIA), ...(ticket.media ? [ticket.media] : [])])];

    return (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <Select
                label={t("options.media")}
                placeholder={t("options.usual")}
                data={media.map((value) => ({ value, label: mediaName(value) }))}
                value={ticket.media ?? null}
                disabled={disabled}
                clearable
                searchable={media.length > 8}
                clearButtonProps={{ "aria-label": t("options.asUsual") }}
                onChange={(value) => change(withOption(ticket, "media", value))}
            />
            <Select
                label={t("options.quality")}
                placeholder={t("options.usual")}
                data={[3, 4, 5].map((value) => ({ value: String(value), label: t(`options.qualityIs.${value}`) }))}
                value={ticket.print_quality ? String(ticket.print_quality) : null}
                disabled={disabled}
                clearable
                clearButtonProps={{ "aria-label": t("options.asUsual") }}
                onChange={(value) => change(withOption(ticket, "print_quality", value ? Number(value) : undefined))}
            />
            <Group>
                {(["staple", "punch"] as const).map((finish) => (
                    <Checkbox
                        key={finish}
                        label={t(`options.${finish}`)}
                        checked={hasFinish(ticket, finish)}
                        disabled={disabled || (!hasFinish(ticket, finish) && finishing(finish, printer?.finishings) === null)}
                        onChange={(event) => change(withFinish(ticket, finish, event.currentTarget.checked, printer?.finishings))}
                    />
                ))}
                <Checkbox
                    label={t("options.booklet")}
                    checked={ticket.imposition_template === "signature"}
                    disabled={disabled}
                    onChange={(event) => change(withOption(ticket, "imposition_template", event.currentTarget.checked ? "signature" : undefined))}
                />
            </Group>
        </SimpleGrid>
    );
}

/* How something is to be printed; nothing chosen is as the printer and one's own defaults have it. */
export function Options(props: Props) {
    const { t } = useTranslation("jobs");
    const { ticket } = props;
    const [isOpen, setOpen] = useState(!!(ticket.media ?? ticket.print_quality ?? ticket.finishings ?? ticket.imposition_template));

    return (
        <Stack>
            <Usual {...props} />
            <UnstyledButton onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} py={4} c="var(--mantine-color-anchor)" style={{ alignSelf: "flex-start" }}>
                <Group gap={4}>
                    {isOpen ? <IconChevronUp size={18} aria-hidden /> : <IconChevronDown size={18} aria-hidden />}
                    {t("options.further")}
                </Group>
            </UnstyledButton>
            <Collapse expanded={isOpen}>
                <Further {...props} />
            </Collapse>
        </Stack>
    );
}
