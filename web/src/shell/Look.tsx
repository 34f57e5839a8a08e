// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { createTheme, type CSSVariablesResolver, DirectionProvider, MantineProvider, Menu, useDirection } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { setNonce } from "get-nonce";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";

const theme = createTheme({
    primaryColor: "ink",
    primaryShade: 7,
    autoContrast: true,
    colors: {
        ink: ["#e6f4fb", "#d2e6f1", "#a4cbe1", "#73aed0", "#4c96c2", "#3387b9", "#2480b6", "#0b5c8a", "#095179", "#004668"],
    },
    defaultRadius: "md",
    respectReducedMotion: true,
    cursorType: "pointer",
    // Its placeholder for the first focus is no child that a menu may have (WAI-ARIA).
    components: { Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }) },
    fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
});

/* Enough contrast on every ground that we have (WCAG 2.2, 1.4.3). */
const variables: CSSVariablesResolver = () => ({
    variables: {},
    light: { "--mantine-color-dimmed": "var(--mantine-color-gray-7)", "--mantine-color-placeholder": "var(--mantine-color-gray-7)" },
    dark: { "--mantine-color-dimmed": "var(--mantine-color-dark-1)", "--mantine-color-placeholder": "var(--mantine-color-dark-1)", "--mantine-color-anchor": "var(--mantine-color-ink-3)" },
});

/* Of this answer alone; the service writes it into the page. Read once: it is for our own style elements. */
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
setNonce(nonce);

/* A language is read from the right or from the left, and everything turns with it. */
function Turned({ children }: { children: ReactNode }) {
    const { i18n } = useTranslation();
    const { setDirection } = useDirection();

    useEffect(() => {
        document.documentElement.lang = i18n.language;
        setDirection(i18n.dir());
    }, [i18n, i18n.language, setDirection]);
    return children;
}

export function Look({ children }: { children: ReactNode }) {
    return (
        <DirectionProvider>
            <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={variables} getStyleNonce={() => nonce}>
                <Turned>{children}</Turned>
                <Notifications position="bottom-center" containerWidth={460} />
            </MantineProvider>
        </DirectionProvider>
    );
}
