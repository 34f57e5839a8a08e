// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Box, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

import { Entries, type Entry, isHere, useEntries } from "./Entries";
import { type Feature, PARTS } from "./feature";
import "./administration.css";

const PHONE = "(max-width: 48em)"; // where the navigation takes the whole screen: AppShell's breakpoint "sm"

function Part({ name, of, close }: { name: string; of: readonly Entry[]; close: () => void }) {
    const { t } = useTranslation("administration");
    const [here] = useLocation();
    const id = useId();
    const isSmall = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
    const entries = (
        <Box role="group" aria-labelledby={id}>
            <Entries of={of} close={close} />
        </Box>
    );
    const heading = (
        <Text id={id} component="h2" size="xs" fw={700} c="dimmed" m={0}>
            {t(`part.${name}`)}
        </Text>
    );

    return isSmall ? (
        <details className="navigation-part" open={of.some((entry) => isHere(here, entry.path))}>
            <summary>{heading}</summary>
            {entries}
        </details>
    ) : (
        <div className="navigation-part">
            {heading}
            {entries}
        </div>
    );
}

/* The pages of administration, under headings; on a phone one heading is open, that of the page that is there. */
export function AdministrationMenu({ features, close }: { features: readonly Feature[]; close: () => void }) {
    const entries = useEntries(features);

    return PARTS.map((part) => [part, entries.filter((entry) => entry.part === part)] as const).map(
        ([part, of]) => of.length > 0 && <Part key={part} name={part} of={of} close={close} />,
    );
}
