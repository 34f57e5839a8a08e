// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Component, type ReactNode } from "react";

import { Stopped } from "../parts/Stopped";

/* A page that fails takes no other one with it. */
export class Safe extends Component<{ children: ReactNode }, { error: unknown }> {
    override state = { error: null as unknown };

    static getDerivedStateFromError(error: unknown) {
        return { error };
    }

    override render() {
        if (this.state.error) return <Stopped error={this.state.error} again={() => location.reload()} />;
        return this.props.children;
    }
}
