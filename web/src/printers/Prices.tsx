// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, NumberInput, Stack, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api, done, type Schemas } from "../api/client";
import type { Printer } from "../parts/everything";
import { Section } from "../parts/Section";
import { useAct } from "../parts/useAct";

const NAMES = ["price_grey", "price_colour", "price_sheet"] as const;
const THOUSANDTHS = 1000;

function Form({ printer, found }: { printer: string; found: Schemas["PrinterPrices"] }) {
    const { t } = useTranslation("printers");
    const { act, isBusy } = useAct();
    const [prices, setPrices] = useState(found);
    const params = { path: { printer } };

    return (
        <Stack align="flex-start">
            <Switch label={t("prices.own")} checked={prices.own} onChange={(event) => setPrices({ ...prices, own: event.currentTarget.checked })} />
            {prices.own && (
                <Group align="flex-end">
                    {NAMES.map((name) => (
                        <NumberInput
                            key={name}
                            label={`${t(`prices.${name}`)} (${found.currency})`}
                            value={prices[name] / THOUSANDTHS}
                            onChange={(value) => setPrices({ ...prices, [name]: Math.round(Number(value) * THOUSANDTHS) })}
                            min={0}
                            max={1000}
                            step={0.01}
                            decimalScale={3}
                        />
                    ))}
                </Group>
            )}
            <Button
                variant="default"
                loading={isBusy}
                onClick={() => {
                    const { price_grey, price_colour, price_sheet } = prices;
                    void act(
                        () =>
                            prices.own
                                ? done(api.PUT("/v1/printers/{printer}/prices", { params, body: { price_grey, price_colour, price_sheet } }))
                                : done(api.DELETE("/v1/printers/{printer}/prices", { params })),
                        { again: ["printers"], said: t("shell:saved") },
                    );
                }}
            >
                {t("prices.save")}
            </Button>
        </Stack>
    );
}

/* Where the organisation has prices, a printer may have others. */
export function Prices({ printer }: { printer: Printer }) {
    const { t } = useTranslation("printers");
    const found = useQuery({
        queryKey: ["printers", printer.id, "prices"],
        queryFn: () => done(api.GET("/v1/printers/{printer}/prices", { params: { path: { printer: printer.id } } })),
    }).data;

    return found?.currency ? (
        <Section title={t("prices.title")} lead={t("prices.lead")}>
            <Form printer={printer.id} found={found} />
        </Section>
    ) : null;
}
